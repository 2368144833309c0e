package import Decisions
package import Settings

extension Configuration {
    /// Who sends requests to backends.
    package var publisher: any Publisher {
        guard let loadBalancer else { return NoPublisher() }
        return UpstreamFile(loadBalancer, stateFolder: places.folder)
    }

    /// What the address of NGINX's status server shows in the place of a generation of ours; `nil` where all is well. For
    /// commands that only look, and so can't find out whether a reload would change it.
    package func nginxTrouble(in language: Language) -> String? {
        publisher.look(within: .seconds(2)).trouble(in: language)
    }
}
