import Decisions
package import Host
package import Reporting

/// Why NGINX does not serve the set that it should.
package indirect enum PublishFailure: Error, Equatable, Catalogue {
    /// Nothing answers, and there is nothing to reload.
    case notRunning(String)
    case file(FileFailure)
    /// The upstream file holds what is somebody else's: `found` is the first such thing.
    case foreignContents(path: String, upstream: String, found: String)
    /// Something else answers where the status server is to listen, and our file would take the address away from it.
    case addressTaken(url: String, saw: UpstreamStatus.Answer)
    case testFailed(String)
    case reloadFailed(String)
    /// The reload was accepted, and the running NGINX does not show the new generation.
    case notConfirmed(generation: String, saw: UpstreamStatus.Answer)
    case interrupted
    /// The last good file could not be put back either.
    case notRolledBack(FileFailure, after: PublishFailure)
}

extension PublishFailure {
    /// Whether the new file was written and the last good one put back in its place.
    package var leavesLastGood: Bool {
        switch self {
        case .testFailed, .reloadFailed, .notConfirmed, .interrupted: true
        case .notRunning, .file, .foreignContents, .addressTaken, .notRolledBack: false
        }
    }

    /// Whether NGINX was reloaded for it and reloaded back: what must not be repeated every minute. A test that fails costs
    /// nothing but itself, and once the configuration is mended the next run should find it so.
    package var hasCostReloads: Bool {
        switch self {
        case .reloadFailed, .notConfirmed: true
        case .notRunning, .file, .foreignContents, .addressTaken, .testFailed, .interrupted, .notRolledBack: false
        }
    }

}

extension UpstreamStatus.Answer: Catalogue {}

extension PublishFailure: CommandFailure {
    package var exitStatus: ExitStatus {
        switch self {
        case .notRunning: .unavailable
        case .file(let failure): ExitStatus(failure)
        case .foreignContents, .addressTaken: .badConfiguration
        case .interrupted: .terminated
        case .testFailed, .reloadFailed, .notConfirmed, .notRolledBack: .failed
        }
    }
}
