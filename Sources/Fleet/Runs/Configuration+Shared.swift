import Decisions
import Host
package import Settings
import SystemPackage

extension Configuration {
    /// What this configuration and another one on this host both claim for themselves, as sentences; each is an error.
    ///
    /// A state folder that has this service's files already is this service's: the other one is told.
    package var conflicts: [String] {
        let state = StateFile(stateFile)
        var sentences: [String] = []
        do throws(StateFile.Failure) {
            try state.claim(for: service)
        } catch {
            sentences.append(error.sentence(in: language))
        }
        let isOurs = (try? DurableFile.contents(of: stateFile)) != nil
        for other in NeighbourConfiguration.all(beside: self).known {
            sentences += claims(sharedWith: other, isOurs: isOurs).map {
                NeighbourConflict(with: other, over: $0).sentence(in: language)
            }
        }
        return sentences.map { $0.escapingControls() }
    }

    /// What two services had better not share, as sentences.
    package var overlaps: [String] {
        guard !leftovers.folders.isEmpty else { return [] }
        let name = backends.namePrefix
        let others = NeighbourConfiguration.all(beside: self).known.filter {
            $0.backendName == name && $0.service != service
        }
        return others.map { NeighbourConflict(with: $0, over: .backendName(name)).sentence(in: language) }
    }

    private func claims(
        sharedWith other: NeighbourConfiguration, isOurs: Bool
    ) -> [NeighbourConflict.Claim] {
        var claims: [NeighbourConflict.Claim] = []
        if other.service == service { claims.append(.service(service)) }
        if Places(stateFile: other.stateFile).folder == places.folder, !isOurs {
            claims.append(.stateFolder(places.folder, of: service))
        }
        if let loadBalancer, other.upstreamFile == loadBalancer.upstreamFile {
            claims.append(.upstreamFile(loadBalancer.upstreamFile, of: service))
        }
        return claims
    }
}
