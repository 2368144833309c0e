import Decisions
import FoundationEssentials
import Host
package import Settings
import SystemPackage

/// The folder of a state file is another service's: history, alerts and locks lie in it under fixed names, so it can't be
/// shared.
package struct ForeignFolder: Equatable, Sendable, Catalogue {
    package let folder: String
    package let service: String
    /// What says so.
    package let file: String
}

extension Places {
    /// Whose the folder is where it is another service's; `nil` where nothing speaks against this service.
    package func foreignOwner(for service: String) -> ForeignFolder? {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.string)) ?? []
        let own = stateFile.lastComponent?.string
        for name in names.sorted() where name.hasSuffix(".json") && !name.hasPrefix(".") && name != own {
            let file = folder.appending(name)
            if let owner = Self.service(in: file), owner != service {
                return ForeignFolder(folder: folder.string, service: owner, file: file.string)
            }
        }
        // A state file of ours says that its history is, too; what another service's did there is seen above.
        if own.map(names.contains) ?? false { return nil }
        guard let last = try? HistoryFolder(history).last(Named.self), last.service != service else { return nil }
        return ForeignFolder(folder: folder.string, service: last.service, file: history.string)
    }

    private struct Named: Decodable {
        let service: String
    }

    /// In bytes, of a state file: more than 10,000 backends take, and Docker's longest list that we read holds fewer.
    package static let largestState = 4 << 20

    private static func service(in file: FilePath) -> String? {
        guard let bytes = try? DurableFile.contents(of: file), bytes.count <= largestState else { return nil }
        return (try? OutsideJSON.decode(Named.self, from: bytes))?.service
    }
}
