import Decisions
package import Settings

extension AlertDispatch {
    /// Tells that there is no configuration to run with.
    ///
    /// What no user could read is one condition of the service, whichever command finds it; what this user may not read is
    /// this command's own failure.
    package func tellOfBadConfiguration(_ error: ConfigurationError) async -> [String] {
        let status = ExitStatus(error)
        let event: AlertEvent =
            switch command {
            case _ where status == .badConfiguration: .configurationBad
            case .monitor: .runFailed
            case .backup: .backupFailed
            case .cleanup: .cleanupFailed
            case .healthcheck: .configurationBad
            }
        let lines = error.sentence(in: configuration.language).split(separator: "\n")
        let more = lines.count > 3 ? " (+\(lines.count - 3))" : ""
        let text =
            AlertPhrase.badConfiguration(command).sentence(in: configuration.language) + ": "
            + lines.prefix(3).joined(separator: "; ") + more
        begin()
        return await finish(
            AlertFindings([AlertFinding(event, severity: .critical, text: text)]), status: status.rawValue,
            summary: text)
    }
}
