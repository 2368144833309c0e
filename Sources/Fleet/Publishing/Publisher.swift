package import Decisions
package import Host
package import SystemPackage

/// Who sends requests to backends, and is told which of them are ready: NGINX, or nobody.
///
/// The contract is a *confirmed* publication: `publish` returns once requests go to the new set alone; otherwise it throws,
/// and the set of before is in use or on its way back. What was published is not taken for what is served: that is asked.
package protocol Publisher: Sendable {
    /// Where nobody sends requests, backends need no address: one that runs does what it is there for.
    var sendsRequests: Bool { get }
    /// What it publishes by; `nil` where that is no file.
    var file: FilePath? { get }

    /// Refuses files that others could change.
    func checkOwnership() throws(UnsafeFile)
    /// Removes what a run that was killed while it wrote left behind; only under the run's lock it is nobody's work.
    func sweep()
    /// Refuses a place where something is that it would replace and that is somebody else's.
    func checkPlace() throws(PublishFailure)

    /// What was configured and would keep every run from publishing; looks only.
    func obstacle(within timeout: Duration) -> PublishFailure?

    /// Where requests go now; looks only.
    func look(within timeout: Duration) -> PublisherView

    /// The same for a run, which can do nothing where it is not there.
    /// - Parameter waking: one that shows nothing of ours is made to read what was published before.
    /// - Returns: `nil` where nothing of ours is in use.
    func served(
        waking: Bool, interruption: Interruption, before deadline: Deadline
    ) async throws(PublishFailure) -> LiveUpstream?

    /// Whether publishing these would change anything.
    func differs(_ servers: Set<ServerAddress>, served: LiveUpstream?) throws(FileFailure) -> Bool

    /// Puts these in use, confirmed.
    /// - Parameter live: what is in use now; `nil` where nothing of ours is.
    /// - Returns: `nil` where there are none: an empty set is never published.
    func publish(
        _ servers: Set<ServerAddress>, inPlaceOf live: LiveUpstream?, interruption: Interruption,
        before deadline: Deadline
    ) async throws(PublishFailure) -> Publication?

    /// What publishing these would write, for a dry run; `nil` where it would write nothing.
    func preview(of servers: Set<ServerAddress>) -> String?

    /// What somebody else changed since the last confirmed publication.
    func drift(served: LiveUpstream?) -> UpstreamDrift?

    /// A digest of all that a failed publication may have failed by.
    /// - Parameter own: ports of backends, which come and go by themselves.
    func circumstances(_ live: LiveUpstream?, besidePorts own: ClosedRange<UInt16>) -> String
}

/// Where requests go.
package enum PublisherView: Equatable, Sendable {
    case serves(LiveUpstream)
    /// Nothing of ours is in use; what there is instead.
    case shows(UpstreamStatus.Answer)
    case sendsNone

    /// What is there in the place of ours; `nil` where all is well.
    package func trouble(in language: Language) -> String? {
        if case .shows(let answer) = self { answer.sentence(in: language) } else { nil }
    }

    /// `nil` where nothing of ours is in use.
    package var servers: Set<ServerAddress>? {
        switch self {
        case .serves(let live): live.servers
        case .shows: nil
        case .sendsNone: []
        }
    }
}

/// What publishing found and did.
package struct Publication: Equatable, Sendable {
    /// What is in use now.
    package let live: LiveUpstream
    /// A file that we did not write was there for the first time, and its copy is here.
    package var foreignCopy: String?
    /// Servers of that file that are not in the new one.
    package var leaving: [String] = []
    /// The copy beside the state file is still an older one. The new set is in use all the same.
    package var copyFailure: FileFailure?
}
