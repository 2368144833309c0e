import Host
import Reporting

extension StateFile.Failure {
    package var english: String {
        switch self {
        case .newer(let path, let version):
            "\(path) was written by a newer version of autoscale (format \(version)); nothing was changed. Install that version"
        case .otherService(let path, let service):
            "\(path) belongs to the service \(service); give each service a STATE_FILE of its own, in a folder of its own. Renamed? See \"Renaming a service\" in docs/operations.md"
        case .otherServiceInFolder(let owner): owner.english
        case .unreadable(let failure): failure.english
        }
    }
}
