import Decisions
import Host

/// The name of a state file that could not be read and was set aside: `autoscale.json.corrupt-20240115T143000Z`, with `_2` and so
/// on behind it for the further ones of one second.
package struct SetAsideName: Equatable, Sendable, CustomStringConvertible {
    private let file: String
    /// Unix time.
    package let time: Int
    private let number: Int

    init(of file: String, at time: Int, number: Int = 1) {
        self.file = file
        self.time = time
        self.number = number
    }

    /// - Parameter file: of the state file; `nil` for a name of anything else.
    package init?(_ name: String, of file: String) {
        let prefix = Self.prefix(of: file)
        guard name.hasPrefix(prefix) else { return nil }
        let parts = name.dropFirst(prefix.utf8.count).split(
            separator: "_", maxSplits: 1, omittingEmptySubsequences: false)
        let stamp = parts[0].split(separator: "T", omittingEmptySubsequences: false)
        guard stamp.count == 2, stamp[1].last == "Z", let time = CompactTime(date: stamp[0], clock: stamp[1].dropLast())
        else { return nil }
        guard parts.count == 2 else {
            self.init(of: file, at: time.seconds)
            return
        }
        guard parts[1].utf8.allSatisfy(\.isASCIIDigit), let number = Int(parts[1]) else { return nil }
        self.init(of: file, at: time.seconds, number: number)
    }

    package var description: String {
        let time = WallClock.utc(time).filter { $0 != "-" && $0 != ":" }
        return Self.prefix(of: file) + time + (number == 1 ? "" : "_\(number)")
    }

    private static func prefix(of file: String) -> String { "\(file).corrupt-" }
}
