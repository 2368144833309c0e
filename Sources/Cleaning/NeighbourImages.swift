import Fleet
import Settings
import SystemPackage

/// Images that other services of this host are configured with, or were: "nobody uses it" can't be judged from one
/// configuration.
struct NeighbourImages {
    /// As they are configured.
    private(set) var references: Set<String> = []
    /// Configurations that can't be read: nothing is known of their images.
    let unread: [String]

    /// Looks at what other services are configured with, and at what they wrote down.
    init(of configuration: Configuration) {
        let all = NeighbourConfiguration.all(beside: configuration)
        unread = all.unread.map(\.string)
        for neighbour in all.known {
            if let image = neighbour.image { references.insert(image) }
            let record = ImageRecord.load(neighbour.service, in: Places(stateFile: neighbour.stateFile))
            references.formUnion(record.references)
        }
    }
}
