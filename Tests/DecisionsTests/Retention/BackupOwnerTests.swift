import Decisions
import Testing

@Suite("Whose a backup is")
struct BackupOwnerTests {
    private static let names = ["shop", "chat"]
    private static let databases = ["app", "app_old"]
    private static let servers = ["7301", "7302"]

    /// Every combination of what a manifest may say, and nothing.
    private static let origins = (names + [nil]).flatMap { service in
        databases.flatMap { database in
            (servers + [nil]).map { BackupOrigin(service: service, database: database, server: $0) }
        }
    }

    private static let owners = names.flatMap { service in
        (databases + [nil]).flatMap { database in
            (servers.map { BackupOwner.Server.known($0) } + [.hidden, .unasked]).map {
                BackupOwner(service: service, database: database, server: $0)
            }
        }
    }

    @Test("no backup is removed by two services, by two databases' or by two servers'", arguments: origins)
    func oneOwner(_ origin: BackupOrigin) {
        let removers = Self.owners.filter { $0.relation(to: origin) == .own }
        #expect(Set(removers.map(\.service)).count <= 1)
        #expect(removers.allSatisfy { $0.database == origin.database && $0.service == origin.service })
        #expect(removers.count <= 1, "\(removers)")
    }

    @Test("one without a service's name counts for its database, and is nobody's to remove")
    func older() {
        let origin = BackupOrigin(service: nil, database: "app", server: nil)
        for owner in Self.owners {
            let relation = owner.relation(to: origin)
            #expect(relation == (owner.database == "app_old" ? .foreign : .unproven))
        }
    }

    @Test("another database, or another server, of the same service is its former one")
    func former() {
        let owner = BackupOwner(service: "shop", database: "app", server: .known("7301"))
        func relation(_ service: String, _ database: String, _ server: String?) -> BackupOwner.Relation {
            owner.relation(to: BackupOrigin(service: service, database: database, server: server))
        }
        #expect(relation("shop", "app", "7301") == .own)
        #expect(relation("shop", "app", nil) == .unproven)
        #expect(relation("shop", "app", "7302") == .former)
        #expect(relation("shop", "app_old", "7301") == .former)
        #expect(relation("chat", "app", "7301") == .foreign)
    }
}
