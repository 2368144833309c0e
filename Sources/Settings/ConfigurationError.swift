package import Decisions
package import Host
package import SystemPackage

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
    /// `FILE:LINE`, or `environment NAME`.
    package let place: String
    /// In the environment; `nil` where it is the file that is wrong.
    private let variable: String?
    /// In the file; `nil` where it is not the file that is wrong.
    let line: Int?
    package let key: String?
    package let found: Words
    package let allowed: Words?
    package let nearest: ConfigurationKey?

    /// Something wrong in a line of a file, or (`nil`) in all of it.
    init(
        file: String, line: Int?, key: String?, found: Words, allowed: Words? = nil, nearest: ConfigurationKey? = nil
    ) {
        self.init(
            place: line.map { "\(file):\($0)" } ?? file, line: line, key: key, found: found, allowed: allowed,
            nearest: nearest)
    }

    init(
        place: String, line: Int? = nil, key: String?, found: Words, allowed: Words? = nil,
        nearest: ConfigurationKey? = nil
    ) {
        self.place = place
        variable = nil
        self.line = line
        self.key = key
        self.found = found
        self.allowed = allowed
        self.nearest = nearest
    }

    init(variable: String, key: String, found: Words, allowed: Words) {
        place = "environment \(variable)"
        self.variable = variable
        line = nil
        self.key = key
        self.found = found
        self.allowed = allowed
        nearest = nil
    }

    /// The last line of a list that would be too long.
    init(file: String, unlisted: Int) {
        self.init(
            place: file, key: nil,
            found: Words("\(unlisted) more, not listed here", "\(unlisted) más, sin mostrar aquí"))
    }

    package var description: String { sentence(in: .english) }

    package func sentence(in language: Language) -> String {
        var text = place(in: language) + ":" + (key.map { " \($0):" } ?? "") + " \(found.text(in: language))"
        if let allowed { text += language.choose(", allowed: ", ", se admite: ") + allowed.text(in: language) }
        if let nearest {
            text += language.choose(", did you mean \(nearest.rawValue)?", ", ¿quiso decir \(nearest.rawValue)?")
        }
        return text.escapingControls()
    }

    private func place(in language: Language) -> String {
        variable.map { language.choose("environment \($0)", "entorno \($0)") } ?? place
    }
}

extension ConfigurationError {
    /// A whole settings file.
    package static func contents(of path: FilePath, shownAs shown: String) throws(ConfigurationError) -> [UInt8] {
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
    package func allProblems(in path: String) -> [ConfigurationProblem] {
        problems(in: path) + (unlistedProblems > 0 ? [.init(file: path, unlisted: unlistedProblems)] : [])
    }
}

extension ConfigurationError: CustomStringConvertible {
    package var description: String { sentence(in: .english) }

    /// Every problem on a line of its own.
    package func sentence(in language: Language) -> String {
        switch self {
        case .absent(let path):
            language.choose("\(path): there is no such file", "\(path): no existe ese archivo").escapingControls()
        case .noneFound(let places):
            language.choose(
                "no configuration file; looked for \(places.joined(separator: " and ")). Name one with --config FILE or $AUTOSCALE_CONFIG",
                "no hay archivo de configuración; se buscó \(places.joined(separator: " y ")). Nombre uno con --config ARCHIVO o $AUTOSCALE_CONFIG"
            ).escapingControls()
        case .unreadable(let path, let detail): "\(path): \(detail)".escapingControls()
        case .notPermitted(let path, let access): access.sentence(path, in: language).escapingControls()
        case .unsafe(let file): file.sentence(in: language).escapingControls()
        case .invalid(let problems): problems.map { $0.sentence(in: language) }.joined(separator: "\n")
        }
    }
}
