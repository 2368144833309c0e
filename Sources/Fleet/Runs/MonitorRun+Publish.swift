import Decisions
import Host
import Reporting
import Settings

/// Effects on NGINX.
extension MonitorRun {
    mutating func compare(_ serving: [Backend], _ progress: Progress) -> FleetEvent {
        do throws(RunFailure) {
            return .compared(differs: try differs(upstream.configuration(for: serving), progress.live))
        } catch {
            fail(error)
            return .notWritten
        }
    }

    func differs(_ wanted: UpstreamConfiguration?, _ live: LiveUpstream?) throws(RunFailure) -> Bool {
        guard let wanted else { return false }
        do throws(FileFailure) {
            return try upstream.differs(wanted, served: live)
        } catch {
            throw .file(error)
        }
    }

    mutating func publish(_ serving: [Backend], _ progress: inout Progress) async -> FleetEvent {
        guard let wanted = upstream.configuration(for: serving) else { return .done }
        do throws(PublishFailure) {
            let published = try await upstream.publish(
                wanted, inPlaceOf: progress.live, interruption: interruption, before: deadline)
            progress.live = LiveUpstream(generation: wanted.generation, servers: Set(wanted.servers))
            if let copy = published.foreignCopy { log.say(.foreignFileKept(path: copy)) }
            if !published.leaving.isEmpty { log.say(.serversLeave(published.leaving)) }
            hasPublished = true
            log.say(.published(servers: wanted.servers.count))
            if let failure = published.copyFailure { fail(.file(failure)) }
            return .done
        } catch {
            fail(.publish(error))
            if error == .interrupted { return .rolledBack }
            guard error.leavesLastGood else { return .unavailable }
            return .notTaken(circumstances: error.hasCostReloads ? circumstances(progress.live) : nil)
        }
    }

    /// What is about to end must not be in the running NGINX; and there must be time for the end, where it may take its time.
    func lookAgain(before ending: FleetEffect.Ending, _ progress: inout Progress) -> FleetEvent {
        if case .stop = ending, deadline.remaining <= configuration.backends.stopTimeout + Self.timeToRemove {
            return .unseen
        }
        guard case .live(let live) = upstream.ask(within: deadline.limited(.seconds(2))) else { return .unseen }
        progress.live = live
        return .seen(live.servers)
    }

    private static let timeToRemove = Duration.seconds(5)
}
