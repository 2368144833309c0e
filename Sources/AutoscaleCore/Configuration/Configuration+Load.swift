import Glibc
package import SystemPackage

extension Configuration {
    /// Finds, checks and reads the configuration file.
    /// - Parameters:
    ///   - named: what `--config` says; relative to the working directory, as any argument is.
    ///   - executable: the running program's path, links resolved: `config/autoscale.conf` lies under its prefix.
    package static func load(
        named: String?, environment: [String: String], executable: FilePath
    ) throws(ConfigurationError) -> Configuration {
        let path = try find(named: named, environment: environment, executable: executable)
        do throws(UnsafeFile) {
            try FileOwnership.check(path.resolved)
        } catch {
            throw .unsafe(error)
        }
        let bytes = try ConfigurationError.contents(of: path.resolved, shownAs: path.shown)
        return try Configuration(
            file: SettingsFile(bytes: bytes), path: FilePath(path.shown), base: path.base, environment: environment)
    }

    private struct Location {
        /// As the user named it.
        let shown: String
        /// Absolute, links resolved.
        let resolved: FilePath

        /// The parent of a folder called `config`, else the file's own folder.
        var base: FilePath {
            let folder = resolved.removingLastComponent()
            return folder.lastComponent == "config" ? folder.removingLastComponent() : folder
        }
    }

    private static func find(
        named: String?, environment: [String: String], executable: FilePath
    ) throws(ConfigurationError) -> Location {
        let explicit = named ?? environment["AUTOSCALE_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        if let explicit {
            guard let resolved = try resolve(FilePath(explicit)) else { throw .absent(path: explicit) }
            return Location(shown: explicit, resolved: resolved)
        }
        let candidates = [
            executable.removingLastComponent().removingLastComponent().appending("config").appending("autoscale.conf"),
            FilePath("/etc/autoscale/autoscale.conf"),
        ]
        for candidate in candidates {
            if let resolved = try resolve(candidate) { return Location(shown: candidate.string, resolved: resolved) }
        }
        throw .noneFound(lookedAt: candidates.map(\.string))
    }

    /// realpath(3); `nil` where nothing is there. A folder that this user may not enter is no proof of that.
    private static func resolve(_ path: FilePath) throws(ConfigurationError) -> FilePath? {
        guard let resolved = realpath(path.string, nil) else {
            let why = Errno(rawValue: errno)
            if why == .permissionDenied { throw .notPermitted(path: path.string, FileAccess(to: path)) }
            return nil
        }
        defer { free(resolved) }
        return FilePath(platformString: resolved)
    }
}
