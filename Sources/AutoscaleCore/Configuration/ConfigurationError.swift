package import Decisions
import SystemPackage

/// Why there is no configuration to run with.
package enum ConfigurationError: Error, Equatable {
    /// The named file is not there.
    case absent(path: String)
    /// None was named, and none lies where one is looked for.
    case noneFound(lookedAt: [String])
    case unreadable(path: String, detail: String)
    /// There, and not for this user to read.
    case notPermitted(path: String, FileAccess)
    /// World-writable, or owned by neither root nor the running user: somebody else's commands would be run.
    case unsafe(UnsafeFile)
    /// Everything that is wrong, in the order of the file.
    case invalid([ConfigurationProblem])
}

/// One thing that is wrong, where, and what is allowed instead.
package struct ConfigurationProblem: Equatable, Sendable, CustomStringConvertible {
    /// `FILE:LINE`, or the name of the environment variable.
    package let place: String
    /// In the file; `nil` where it is not the file that is wrong.
    let line: Int?
    package let key: String?
    package let found: String
    package let allowed: String?
    package let nearest: ConfigurationKey?

    /// Something wrong in a line of a file, or (`nil`) in all of it.
    init(
        file: String, line: Int?, key: String?, found: String, allowed: String? = nil, nearest: ConfigurationKey? = nil
    ) {
        self.init(
            place: line.map { "\(file):\($0)" } ?? file, line: line, key: key, found: found, allowed: allowed,
            nearest: nearest)
    }

    init(
        place: String, line: Int? = nil, key: String?, found: String, allowed: String? = nil,
        nearest: ConfigurationKey? = nil
    ) {
        self.place = place
        self.line = line
        self.key = key
        self.found = found
        self.allowed = allowed
        self.nearest = nearest
    }

    /// The last line of a list that would be too long.
    init(file: String, unlisted: Int) {
        self.init(place: file, key: nil, found: "\(unlisted) more, not listed here")
    }

    package var description: String {
        var text = place + ":" + (key.map { " \($0):" } ?? "") + " \(found)"
        if let allowed { text += ", allowed: \(allowed)" }
        if let nearest { text += ", did you mean \(nearest.rawValue)?" }
        return text.escapingControls()
    }
}

extension ConfigurationError {
    /// A whole settings file.
    static func contents(of path: FilePath, shownAs shown: String) throws(ConfigurationError) -> [UInt8] {
        let bytes: [UInt8]?
        do throws(FileFailure) {
            bytes = try DurableFile.contents(of: path)
        } catch {
            guard error.errno == .permissionDenied else {
                throw .unreadable(path: shown, detail: error.errno.description)
            }
            throw .notPermitted(path: shown, FileAccess(to: path))
        }
        guard let bytes else { throw .absent(path: shown) }
        return bytes
    }
}

extension SettingsFile {
    /// Its problems, with the path of the file.
    func problems(in path: String) -> [ConfigurationProblem] {
        problems.map {
            ConfigurationProblem(file: path, line: $0.line, key: $0.key, found: $0.found, allowed: $0.allowed)
        }
    }

    /// What is not expanded here, as sentences: it is allowed, and rarely meant.
    package func unexpanded(in path: String, _ language: Language) -> [String] {
        unexpanded.map { line in
            language.choose(
                "\(path):\(line.number): \(line.key): ${…} stays as it is, nothing is expanded here; write the value, or '…' around it",
                "\(path):\(line.number): \(line.key): ${…} queda tal cual, aquí no se expande nada; escriba el valor, o '…' alrededor"
            )
        }
    }

    /// The same, and a line that counts those that are not listed.
    func allProblems(in path: String) -> [ConfigurationProblem] {
        problems(in: path) + (unlistedProblems > 0 ? [.init(file: path, unlisted: unlistedProblems)] : [])
    }
}

extension ConfigurationError: CustomStringConvertible {
    /// Every problem on a line of its own.
    package var description: String {
        if case .invalid(let problems) = self { return problems.map(\.description).joined(separator: "\n") }
        return sentence.escapingControls()
    }

    private var sentence: String {
        switch self {
        case .absent(let path): "\(path): there is no such file"
        case .noneFound(let places):
            "no configuration file; looked for \(places.joined(separator: " and ")). Name one with --config FILE or $AUTOSCALE_CONFIG"
        case .unreadable(let path, let detail): "\(path): \(detail)"
        case .notPermitted(let path, let access): access.sentence(path, in: .english)
        case .unsafe(let file): file.sentence(in: .english)
        case .invalid(let problems): problems.map(\.description).joined(separator: "\n")
        }
    }
}
