package import Decisions
import Host

/// One thing that is wrong, where, and what is allowed instead.
package struct ConfigurationProblem: Equatable, Sendable, CustomStringConvertible {
    package enum Place: Equatable, Sendable {
        case line(String, Int)
        /// The file, or something that does not stand in it.
        case file(String)
        case environment(String)

        /// In the file; `nil` where it is not the file that is wrong.
        var line: Int? {
            guard case .line(_, let number) = self else { return nil }
            return number
        }
    }

    let location: Place
    package let key: String?
    let fault: ConfigurationFault

    init(_ place: Place, key: String?, _ fault: ConfigurationFault) {
        location = place
        self.key = key
        self.fault = fault
    }

    /// `FILE:LINE`, `FILE`, or `environment NAME`.
    package var place: String { place(in: .english) }

    package var description: String { sentence(in: .english) }

    package func sentence(in language: Language) -> String {
        var text = place(in: language) + ":" + (key.map { " \($0):" } ?? "") + " \(fault.found(in: language))"
        if let allowed = fault.allowed(in: language) {
            text += language.choose(", allowed: ", ", se admite: ") + allowed
        }
        if case .unknownKey(let nearest?) = fault {
            text += language.choose(", did you mean \(nearest)?", ", ¿quiso decir \(nearest)?")
        }
        return text.escapingControls()
    }

    private func place(in language: Language) -> String {
        switch location {
        case .line(let file, let number): "\(file):\(number)"
        case .file(let file): file
        case .environment(let name): language.choose("environment \(name)", "entorno \(name)")
        }
    }
}
