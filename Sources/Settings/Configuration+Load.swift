package import Decisions
import Glibc
import Host
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
        let author = try rethrow(try FileOwnership.author(of: path.resolved), as: ConfigurationError.unsafe)
        let bytes = try ConfigurationError.contents(of: path.resolved, shownAs: path.shown)
        var configuration = try Configuration(
            file: SettingsFile(bytes: bytes), path: FilePath(path.shown), base: path.base, environment: environment)
        if let author {
            guard configuration.places.owner == author else {
                let file = (try? FileOwnership(of: path.resolved))?.uid == author
                let foreign = file ? path.resolved : path.resolved.removingLastComponent()
                throw .unsafe(UnsafeFile(path: foreign.string, cause: .foreignOwner(uid: author)))
            }
            configuration.author = author
        }
        return configuration
    }

    struct Location {
        /// As the user named it.
        let shown: String
        /// Absolute, links resolved.
        let resolved: FilePath

        var base: FilePath { Places.base(of: resolved) }
    }

    /// Where a configuration would lie that is not there or can't be used, links resolved as far as it can be.
    static func places(
        named: String?, environment: [String: String], executable: FilePath
    ) -> [Location] {
        let explicit = named ?? environment["AUTOSCALE_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        return (explicit.map { [FilePath($0)] } ?? Places.configurations(for: executable)).compactMap { path in
            let resolved = (try? resolve(path)) ?? path
            return resolved.isAbsolute ? Location(shown: path.string, resolved: resolved) : nil
        }
    }

    /// The language of what is said of a configuration that can't be used: the environment's, else that of the first file
    /// there is, as far as it can be read; English where neither says.
    package static func language(named: String?, environment: [String: String], executable: FilePath) -> Language {
        if let language = environment[ConfigurationKey.language.environmentName].flatMap(Language.init(rawValue:)) {
            return language
        }
        for place in places(named: named, environment: environment, executable: executable) {
            guard (try? FileOwnership(of: place.resolved))?.kind == .file,
                let bytes = try? DurableFile.contents(of: place.resolved)
            else { continue }
            let line = SettingsFile(bytes: bytes).lines.first { $0.key == ConfigurationKey.language.rawValue }
            return line.flatMap { Language(rawValue: $0.value) } ?? .english
        }
        return .english
    }

    private static func find(
        named: String?, environment: [String: String], executable: FilePath
    ) throws(ConfigurationError) -> Location {
        let explicit = named ?? environment["AUTOSCALE_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        if let explicit {
            guard let resolved = try resolve(FilePath(explicit)) else { throw .absent(path: explicit) }
            return Location(shown: explicit, resolved: resolved)
        }
        let candidates = Places.configurations(for: executable)
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
