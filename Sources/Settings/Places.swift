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

extension Configuration {
    package var places: Places { Places(stateFile: stateFile) }
}
