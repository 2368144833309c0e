import Decisions

/// Why there is no configuration to run with.
package enum ConfigurationError: Error, Equatable {
    /// The named file is not there.
    case absent(path: String)
    /// None was named, and none lies where one is looked for.
    case noneFound(lookedAt: [String])
    case unreadable(path: String, detail: String)
    /// World-writable, or owned by neither root nor the running user: somebody else's commands would be run.
    case unsafe(UnsafeFile)
    /// Everything that is wrong, in the order of the file.
    case invalid([ConfigurationProblem])
}

/// One thing that is wrong, where, and what is allowed instead.
package struct ConfigurationProblem: Equatable, Sendable, CustomStringConvertible {
    /// `FILE:LINE`, or the name of the environment variable.
    package let place: String
    package let key: String?
    package let found: String
    package let allowed: String?
    package let nearest: ConfigurationKey?

    init(place: String, key: String?, found: String, allowed: String? = nil, nearest: ConfigurationKey? = nil) {
        self.place = place
        self.key = key
        self.found = found
        self.allowed = allowed
        self.nearest = nearest
    }

    package var description: String {
        var text = place + ":" + (key.map { " \($0):" } ?? "") + " \(found)"
        if let allowed { text += ", allowed: \(allowed)" }
        if let nearest { text += ", did you mean \(nearest.rawValue)?" }
        return text
    }
}
