import Decisions
import Glibc
import Host
package import SystemPackage

/// What the alerts need of the last configuration that was good: a copy beside the state file, so that a slip in the file
/// is told to the same receivers as everything else.
///
/// It holds the service, the language and the receivers only: no password of the database is copied.
package enum LastGoodConfiguration {
    private static let keys: Set<ConfigurationKey> = [
        .service, .language, .alertURL, .alertRepeat, .alertEmailFrom, .alertEmailTo,
    ]

    /// The lines of a file that are worth keeping.
    static func text(of file: SettingsFile) -> Secret {
        Secret(
            file.lines.filter { ConfigurationKey.named($0.key).map(keys.contains) == true }.map { line in
                let quote = line.value.contains("'") ? "\"" : "'"
                return "\(line.key)="
                    + (line.value.contains("\"") && quote == "\"" ? line.value : quote + line.value + quote)
            }.joined(separator: "\n"))
    }

    /// Writes it durably, 0600, for the owner of the state folder; the same bytes are not written again.
    ///
    /// Where that owner may not read the configuration (root's, 0600, with a state folder of somebody else's) nothing is
    /// copied. A failure is no failure of the run: the next one tries again.
    package static func keep(_ configuration: Configuration) {
        let path = configuration.places.lastGoodConfiguration
        guard let folder = try? FileOwnership(of: path.removingLastComponent(), followingLinks: true),
            let source = try? FileOwnership(of: configuration.path, followingLinks: true),
            folder.uid == geteuid() || folder.uid == source.uid || source.isWorldReadable
        else { return }
        do {
            try FileOwnership.check(path, followsFolderOwner: true)
            try DurableFile.replace(path, with: Array("\(configuration.alertLines.reveal())\n".utf8))
        } catch {
            return
        }
    }

    /// The copy that belongs to a configuration that can't be used.
    ///
    /// Its state folder is named by the environment, by the one key `STATE_FILE` of the bad file, or it is the default
    /// place; a file that somebody else could change is not asked.
    package static func find(
        named: String?, environment: [String: String], executable: FilePath
    ) -> Configuration? {
        for location in Configuration.places(named: named, environment: environment, executable: executable) {
            var stateFiles: [String] = []
            if let text = environment[ConfigurationKey.stateFile.environmentName] { stateFiles.append(text) }
            if Self.isSafe(location.resolved), let bytes = try? DurableFile.contents(of: location.resolved) {
                stateFiles += SettingsFile(bytes: bytes).lines.filter { $0.key == ConfigurationKey.stateFile.rawValue }
                    .map(\.value)
            }
            stateFiles.append(ConfigurationKey.stateFile.defaultText ?? "")
            for text in stateFiles where !text.isEmpty {
                let stateFile = location.base.pushing(FilePath(text)).lexicallyNormalized()
                if let copy = load(beside: stateFile, shown: location.shown, environment: environment) { return copy }
            }
        }
        return nil
    }

    private static func isSafe(_ path: FilePath) -> Bool {
        do throws(UnsafeFile) {
            return try FileOwnership.author(of: path) == nil
        } catch {
            return false
        }
    }

    private static func load(
        beside stateFile: FilePath, shown: String, environment: [String: String]
    ) -> Configuration? {
        let path = Places(stateFile: stateFile).lastGoodConfiguration
        do {
            try FileOwnership.check(path, followsFolderOwner: true)
            guard let bytes = try DurableFile.contents(of: path) else { return nil }
            let text = String(decoding: bytes, as: UTF8.self) + "\(ConfigurationKey.stateFile.rawValue)=\(stateFile)\n"
            let overrides = environment.filter { entry in keys.contains { $0.environmentName == entry.key } }
            for environment in [overrides, [:]] {
                if let copy = try? Configuration(
                    text: text, path: FilePath(shown), base: stateFile.removingLastComponent(), environment: environment
                ) {
                    return copy
                }
            }
        } catch {
            return nil
        }
        return nil
    }
}
