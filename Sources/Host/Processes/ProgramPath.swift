import Glibc
package import SystemPackage

/// Where a program is.
///
/// A name without a slash is looked for in PATH and then in /usr/local/sbin, /usr/sbin and /sbin, because cron's PATH has
/// none of these and NGINX lives there. Empty and relative entries of PATH mean the working directory and are skipped.
package enum ProgramPath {
    private static let administration = ["/usr/local/sbin", "/usr/sbin", "/sbin"]

    /// - Parameters:
    ///   - program: a name to look for, or a path, which is taken as it is.
    ///   - folder: what a relative path with a slash starts from; `nil`: the working directory.
    ///   - searchPath: the value of PATH; `nil`: that of our own environment (getenv(3)).
    package static func find(
        _ program: String, from folder: FilePath? = nil, searchPath: String? = nil
    ) throws(ProgramPathError) -> FilePath {
        if program.utf8.contains(UInt8(ascii: "/")) {
            let path = FilePath(program)
            return try check(path.isAbsolute ? path : (folder ?? ".").pushing(path), as: program)
        }
        let ownPath = getenv("PATH").map { String(cString: $0) }
        var folders = (searchPath ?? ownPath ?? "").split(separator: ":").map(String.init).filter { $0.hasPrefix("/") }
        folders += administration.filter { !folders.contains($0) }
        var refused: ProgramPathError?
        for folder in folders {
            do throws(ProgramPathError) {
                return try check(FilePath(folder).appending(program), as: program)
            } catch .notFound {
                continue
            } catch {
                refused = refused ?? error  // a later folder may have one that can be run
            }
        }
        throw refused ?? .notFound(program: program, lookedIn: folders)
    }

    /// stat(2) and access(2); the run's effective and real users are the same.
    private static func check(_ path: FilePath, as program: String) throws(ProgramPathError) -> FilePath {
        var status = stat()
        guard stat(path.string, &status) == 0 else {
            if errno == EACCES { throw .notExecutable(path: path.string) }
            throw .notFound(program: program, lookedIn: [path.removingLastComponent().string])
        }
        guard status.st_mode & S_IFMT == S_IFREG, access(path.string, X_OK) == 0 else {
            throw .notExecutable(path: path.string)
        }
        return path
    }
}

package enum ProgramPathError: Error, Hashable {
    case notFound(program: String, lookedIn: [String])
    /// There is something of that name: no regular file, not executable, or in a folder that may not be searched.
    case notExecutable(path: String)
}

extension ProgramPathError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notFound(let program, let folders):
            "\(program) was not found in \(folders.joined(separator: ", "))".escapingControls()
        case .notExecutable(let path):
            "\(path) is there and can't be run: it must be a regular file with the right to execute".escapingControls()
        }
    }
}
