import Host

extension StoreFailure {
    package var english: String {
        switch self {
        case .noCredentials:
            "no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or write ~/.aws/credentials"
        case .file(let failure): failure.english
        case .unreachable(let detail): detail
        case .refused(let status, let message): "HTTP \(status): \(message)"
        case .otherRegion(let region, let status, let message, let hasEndpoint):
            "HTTP \(status): \(message). The bucket is in the region \(region): set BACKUP_UPLOAD_REGION=\(region)"
                + (hasEndpoint
                    ? ", and BACKUP_UPLOAD_ENDPOINT to that region's address (unset for Amazon)" : "")
        case .checksum(let key): "\(key) came out with another checksum than it was sent with"
        }
    }
}
