import Decisions

/// The name of a process backend's log: `<BACKEND_NAME>_<unix time>.log`, with `_2` and so on before the ending for the further
/// ones of one run (`BackendNames`).
package struct BackendLogName: Equatable, Sendable, CustomStringConvertible {
    private let backend: String

    package init(of backend: String) { self.backend = backend }

    /// - Parameter prefix: `BACKEND_NAME`; `nil` for a name of anybody else's.
    package init?(_ name: String, prefix: String) {
        guard name.hasPrefix("\(prefix)_"), name.hasSuffix(Self.ending) else { return nil }
        let backend = name.dropLast(Self.ending.utf8.count)
        let numbers = backend.dropFirst(prefix.utf8.count + 1).split(separator: "_", omittingEmptySubsequences: false)
        guard (1...3).contains(numbers.count), numbers.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(\.isASCIIDigit) })
        else { return nil }
        self.backend = String(backend)
    }

    package var description: String { backend + Self.ending }

    private static let ending = ".log"
}
