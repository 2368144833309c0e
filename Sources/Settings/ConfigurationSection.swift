package import Decisions

/// Keys that belong together, under one heading of the file and of docs/configuration.md.
package struct ConfigurationSection: Sendable {
    package let title: Words
    /// What has to be known before the first of them; `nil`: nothing.
    package let introduction: Words?
    package let keys: [ConfigurationKey]

    init(_ title: Words, _ introduction: Words? = nil, keys: [ConfigurationKey]) {
        self.title = title
        self.introduction = introduction
        self.keys = keys
    }

    /// In the order of the file.
    package static let all: [ConfigurationSection] = [
        service, readings, database, fleet, life, backends, loadBalancer, backup, cleanup, healthCheck, alerts,
    ]
}
