import FoundationEssentials
package import SystemPackage

extension StateFile {
    /// Whose the folder is where it is another service's: history, alerts and locks lie in it under fixed names, so it can't be
    /// shared. `nil` where nothing speaks against this service.
    package func foreignOwner(for service: String) -> (service: String, file: FilePath)? {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.string)) ?? []
        let own = path.lastComponent?.string
        for name in names.sorted() where name.hasSuffix(".json") && !name.hasPrefix(".") && name != own {
            let file = folder.appending(name)
            if let owner = Self.service(in: file), owner != service { return (owner, file) }
        }
        // A state file of ours says that its history is, too; what another service's did there is seen above.
        if own.map(names.contains) ?? false { return nil }
        if let last = try? history.lastRecord(), last.service != service { return (last.service, history.path) }
        return nil
    }

    /// The failure that says so, of the folder.
    package func refusal(for service: String) -> Failure? {
        foreignOwner(for: service).map {
            .otherServiceInFolder(folder: folder.string, service: $0.service, file: $0.file.string)
        }
    }

    /// Of the folder or the file, for what writes beside it and needs nothing of what is in it.
    package func claim(for service: String) throws(Failure) {
        do throws(Failure) {
            _ = try load(for: service)
        } catch {
            switch error {
            case .otherService, .otherServiceInFolder: throw error
            case .newer, .unreadable: return
            }
        }
    }

    private struct Named: Decodable {
        let service: String
    }

    private static func service(in file: FilePath) -> String? {
        guard let bytes = try? DurableFile.contents(of: file), bytes.count <= largest else { return nil }
        return (try? OutsideJSON.decode(Named.self, from: bytes))?.service
    }
}
