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
        problems.map { problem in
            ConfigurationProblem(
                problem.line.map { .line(path, $0) } ?? .file(path), key: problem.key,
                .syntax(problem.fault, problem.dialect))
        }
    }

    /// The same, and a line that counts those that are not listed.
    package func allProblems(in path: String) -> [ConfigurationProblem] {
        problems(in: path)
            + (unlistedProblems > 0 ? [.init(.file(path), key: nil, .unlisted(unlistedProblems))] : [])
    }
}

extension ConfigurationError: CustomStringConvertible {
    package var description: String { sentence(in: .english) }

    /// Every problem on a line of its own.
    package func sentence(in language: Language) -> String {
        switch language {
        case .english: english
        case .spanish: spanish
        }
    }
}
