import Reporting

extension StateFile {
    /// The failure that says whose the folder is where it is another service's.
    package func refusal(for service: String) -> Failure? {
        places.foreignOwner(for: service).map { .otherServiceInFolder($0) }
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
}
