import Host
package import SystemPackage

/// Where the files are that a service writes: all in the folder of its state file, under names of their own.
package struct Places: Equatable, Sendable {
    package let stateFile: FilePath

    package init(stateFile: FilePath) { self.stateFile = stateFile }

    package var folder: FilePath { stateFile.removingLastComponent() }
    /// Held by a run that acts.
    package var lock: FilePath { beside("lock") }
    /// Which processes are backends.
    package var processes: FilePath { beside("processes") }
    package var history: FilePath { folder.appending("history") }
    /// Who was told what.
    package var alerts: FilePath { folder.appending("alerts.json") }
    package var alertsLock: FilePath { folder.appending("alerts.json.lock") }
    /// `monitor` looks whether it is held, and never waits for it.
    package var backupLock: FilePath { folder.appending("backup.lock") }
    package var cleanupLock: FilePath { folder.appending("cleanup.lock") }
    /// Which database of which server the last backup was made of.
    package var backupSource: FilePath { folder.appending("backup-source.json") }
    /// What `BACKEND_IMAGE` named, run after run.
    package var images: FilePath { folder.appending("images.json") }
    package var lastGoodConfiguration: FilePath { folder.appending("autoscale.conf.last-good") }

    /// To whom the folder belongs, or will belong: as whom cron runs. `nil` where it can't be seen.
    package var owner: UInt32? { FileOwnership.owner(ofFolder: folder) }

    /// `autoscale.json.<ending>`
    package func beside(_ ending: String) -> FilePath {
        folder.appending("\(stateFile.lastComponent?.string ?? "autoscale.json").\(ending)")
    }
}

extension Places {
    /// The last upstream file that NGINX took.
    package static func lastGood(of upstreamFile: FilePath, in folder: FilePath) -> FilePath {
        copy(of: upstreamFile, in: folder, "last-good")
    }

    /// What stood in the place of the upstream file before the first run.
    package static func beforeAutoscale(of upstreamFile: FilePath, in folder: FilePath) -> FilePath {
        copy(of: upstreamFile, in: folder, "before-autoscale")
    }

    private static func copy(of file: FilePath, in folder: FilePath, _ ending: String) -> FilePath {
        folder.appending("\(file.lastComponent?.string ?? "upstream.conf").\(ending)")
    }
}

extension Places {
    /// Where configurations lie that everybody on this host may have.
    package static let sharedConfigurations: FilePath = "/etc/autoscale"

    /// Where a configuration is looked for that nobody names.
    static func configurations(for executable: FilePath) -> [FilePath] {
        let prefix = executable.removingLastComponent().removingLastComponent()
        return [prefix.appending("config"), sharedConfigurations].map { $0.appending("autoscale.conf") }
    }

    /// What the relative paths of a configuration start from: the parent of a folder called `config`, else the file's own
    /// folder.
    static func base(of configuration: FilePath) -> FilePath {
        let folder = configuration.removingLastComponent()
        return folder.lastComponent == "config" ? folder.removingLastComponent() : folder
    }
}

extension Configuration {
    package var places: Places { Places(stateFile: stateFile) }
    /// What backends that are processes write, and the programs where cron says so. One of the base, not of the service:
    /// services of one installation share it.
    package var logFolder: FilePath { base.appending("logs") }
}
