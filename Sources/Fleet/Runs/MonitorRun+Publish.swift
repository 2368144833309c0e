import Decisions
import Host
import Reporting
import Settings

/// Effects on who sends requests to backends.
extension MonitorRun {
    mutating func compare(_ serving: [Backend], _ progress: Progress) -> FleetEvent {
        do throws(RunFailure) {
            return .compared(differs: try differs(serving, progress.live))
        } catch {
            fail(error)
            return .notWritten
        }
    }

    func differs(_ serving: [Backend], _ live: LiveUpstream?) throws(RunFailure) -> Bool {
        try rethrow(
            try publisher.differs(Set(serving.compactMap(\.address)), served: live), as: RunFailure.file)
    }

    mutating func publish(_ serving: [Backend], _ progress: inout Progress) async -> FleetEvent {
        do throws(PublishFailure) {
            let published = try await publisher.publish(
                Set(serving.compactMap(\.address)), inPlaceOf: progress.live, interruption: interruption,
                before: deadline)
            guard let published else { return .done }
            progress.live = published.live
            if let copy = published.foreignCopy { log.say(.foreignFileKept(path: copy)) }
            if !published.leaving.isEmpty { log.say(.serversLeave(published.leaving)) }
            hasPublished = true
            log.say(.published(servers: published.live.servers.count))
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
        let view = publisher.look(within: deadline.limited(.seconds(2)))
        if case .serves(let live) = view { progress.live = live }
        return view.servers.map { .seen($0) } ?? .unseen
    }

    private static let timeToRemove = Duration.seconds(5)
}
