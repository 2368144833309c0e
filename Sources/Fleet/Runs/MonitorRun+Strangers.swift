import Decisions
import Host
import Reporting
import Settings

extension MonitorRun {
    /// Takes out of NGINX, before anything is probed or waited for, what somebody else has by now: an address that Docker gave to
    /// another container while ours did not run (a reboot), a port that another service's process took. Until then one
    /// site shows the other's pages.
    ///
    /// What stays is what was served and is not theirs. Where that is nothing, the backends that run take its place unasked:
    /// they may not be ready, and they are ours.
    /// - Returns: what NGINX serves afterwards.
    mutating func dropStrangers(
        _ live: LiveUpstream?, beside backends: [Backend], draining operation: ScalingHistory.Operation?, acting: Bool
    ) async -> LiveUpstream? {
        guard acting, interruption.signal == nil, let live, let target = target.knowsAddresses else { return live }
        let strangers: Set<ServerAddress>
        do throws(TargetError) {
            strangers = try await target.strangers(at: live.servers, beside: backends, before: deadline)
        } catch {
            log.sayLater(.discovery(.holdersNotToBeSeen(error)))
            return live
        }
        guard !strangers.isEmpty else { return live }
        let leaving = operation?.direction == .down ? operation?.backend : nil
        var servers = live.servers.subtracting(strangers)
        if servers.isEmpty {
            servers = Set(backends.filter { $0.activity == .running && $0.name != leaving }.compactMap(\.address))
        }
        if servers.isEmpty, let nobody = Self.nobody { servers = [nobody] }
        do throws(PublishFailure) {
            let published = try await publisher.publish(
                servers, inPlaceOf: live, interruption: interruption, before: deadline)
            guard let published else { return live }
            log.sayLater(.strangersLeft(strangers.map(\.description).sorted()))
            return published.live
        } catch {
            guard error != .interrupted else { return live }
            log.sayLater(.failed(.publish(error)))
            note(.publish(error))
            return live
        }
    }

    /// An upstream needs a server, and where none of ours runs it is one where nobody answers (discard, RFC 863): an error page
    /// is better than somebody else's.
    private static let nobody = ServerAddress.loopback(port: 9)
}
