package import Decisions
package import Settings

extension Configuration {
    /// What the address of NGINX's status server shows in the place of a generation of ours; `nil` where all is well. For
    /// commands that only look, and so can't find out whether a reload would change it.
    package func nginxTrouble(in language: Language) -> String? {
        let answer = UpstreamFile(loadBalancer, stateFolder: places.folder).ask(within: .seconds(2))
        if case .live = answer { return nil }
        return answer.words(in: language)
    }
}
