package import Decisions
package import Host

/// Why a copy is not in the store.
package enum StoreFailure: Error, Equatable, Sendable {
    case noCredentials
    case file(FileFailure)
    case unreachable(String)
    /// The store's status and its own words.
    case refused(status: Int, message: String)
    /// The bucket lies in another region than the one that is configured, and the store names it.
    case otherRegion(String, status: Int, message: String, hasEndpoint: Bool)
    case checksum(key: String)
}

extension StoreFailure {
    package func sentence(in language: Language) -> String {
        switch self {
        case .noCredentials:
            language.choose(
                "no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or write ~/.aws/credentials",
                "sin credenciales: defina AWS_ACCESS_KEY_ID y AWS_SECRET_ACCESS_KEY, o escriba ~/.aws/credentials")
        case .file(let failure): failure.sentence(in: language)
        case .unreachable(let detail): detail
        case .refused(let status, let message): "HTTP \(status): \(message)"
        case .otherRegion(let region, let status, let message, let hasEndpoint):
            "HTTP \(status): \(message)"
                + language.choose(
                    ". The bucket is in the region \(region): set BACKUP_UPLOAD_REGION=\(region)",
                    ". El bucket está en la región \(region): ponga BACKUP_UPLOAD_REGION=\(region)")
                + (hasEndpoint
                    ? language.choose(
                        ", and BACKUP_UPLOAD_ENDPOINT to that region's address (unset for Amazon)",
                        ", y en BACKUP_UPLOAD_ENDPOINT la dirección de esa región (sin definir para Amazon)") : "")
        case .checksum(let key):
            language.choose(
                "\(key) came out with another checksum than it was sent with",
                "\(key) llegó con otra suma de verificación que la enviada")
        }
    }
}
