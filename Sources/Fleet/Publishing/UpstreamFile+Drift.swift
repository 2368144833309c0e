import Decisions

/// What somebody else changed since the last confirmed publication; said when it has been put right.
package enum UpstreamDrift: Equatable, Sendable, Catalogue {
    case fileRemoved
    case fileChanged
    /// The file is what was published last, and NGINX serves another one, or none of ours.
    case otherServed

}

extension UpstreamFile {
    /// Compared with the copy of what NGINX confirmed last, not with what is wanted now: another configuration is nobody's
    /// interference. `nil` where there is no copy, or nothing differs from it.
    package func drift(served: LiveUpstream?) -> UpstreamDrift? {
        guard let confirmed = try? contents(of: lastGood), isOurs(confirmed) else { return nil }
        let present: [UInt8]?
        do throws(PublishFailure) { present = try contents() } catch { return nil }
        guard let present else { return .fileRemoved }
        if present != confirmed { return .fileChanged }
        guard let served else { return .otherServed }
        return confirmed.firstRange(of: Array("\n# generation \(served.generation)\n".utf8)) == nil ? .otherServed : nil
    }
}
