package import Decisions
import Host
package import SystemPackage

/// What another configuration of this host claims, too.
package struct NeighbourConflict: Equatable, Sendable {
    package let path: FilePath
    package let service: String
    package let claim: Claim

    package enum Claim: Equatable, Sendable {
        case service(String)
        /// The folder, and the service that needs one of its own.
        case stateFolder(FilePath, of: String)
        case upstreamFile(FilePath, of: String)
        case backendName(String)

        fileprivate var key: ConfigurationKey {
            switch self {
            case .service: .service
            case .stateFolder: .stateFile
            case .upstreamFile: .upstreamFile
            case .backendName: .backendName
            }
        }
    }

    package init(with other: NeighbourConfiguration, over claim: Claim) {
        path = other.path
        service = other.service
        self.claim = claim
    }

    package func sentence(in language: Language) -> String {
        let text =
            switch language {
            case .english:
                "\(claim.key): \(englishClaim) is named by \(path), too (service \(service)): \(englishReason)"
            case .spanish:
                "\(claim.key): \(spanishClaim) también está en \(path) (servicio \(service)): \(spanishReason)"
            }
        return text.escapingControls()
    }
}
