import Decisions
import Host
import Settings

extension UpstreamFile {
    /// A digest of all that a failed publication may have failed by, as far as it can be seen without trying again: what is
    /// configured, the file on its place, what answers, and who listens on this host. The usual cause of a reload that is
    /// accepted and not carried out is a port that somebody else has; NGINX itself may get it after all, a moment after it
    /// gave up for us: then the port is the same and its socket is not.
    /// - Parameter own: ports of backends, which come and go by themselves.
    package func circumstances(_ live: LiveUpstream?, besidePorts own: ClosedRange<UInt16>) -> String {
        let sockets = ((try? SocketTable())?.listeningSockets ?? [:]).filter { !own.contains($0.key) }
        let listening = sockets.sorted { $0.key < $1.key }.map { "\($0.key)/\($0.value.sorted())" }
        let configured =
            "\(settings.upstreamFile)|\(settings.upstreamName)|\(settings.testCommand)|\(settings.reloadCommand)|"
            + "\(settings.status)|\(settings.statusURL)|\(settings.method)|\(settings.keepalive)|\(settings.maxFails)|"
            + "\(settings.failTimeout)|\(live?.generation ?? "none")|\(listening)|"
        let present = (try? DurableFile.contents(of: path)).flatMap(\.self) ?? []
        return String(Checksum.sha256(of: Array(configured.utf8) + present).prefix(16))
    }
}
