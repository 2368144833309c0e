import Decisions

/// What somebody else changed since the last confirmed publication.
package enum UpstreamDrift: Equatable, Sendable {
    case fileRemoved
    case fileChanged
    /// The file is what was published last, and NGINX serves another one, or none of ours.
    case otherServed

    /// For when it has been put right.
    func sentence(in language: Language) -> String {
        switch self {
        case .fileRemoved:
            language.choose(
                "somebody had removed the upstream file: it was written again, and NGINX serves it",
                "alguien había eliminado el archivo upstream: se escribió de nuevo y NGINX lo sirve")
        case .fileChanged:
            language.choose(
                "somebody had changed the upstream file: put right, and NGINX serves it",
                "alguien había cambiado el archivo upstream: corregido, y NGINX lo sirve")
        case .otherServed:
            language.choose(
                "NGINX did not serve what was published last: put right",
                "NGINX no servía lo último publicado: corregido")
        }
    }
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
