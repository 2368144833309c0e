import Host

extension StoreFailure {
    package var spanish: String {
        switch self {
        case .noCredentials:
            "sin credenciales: defina AWS_ACCESS_KEY_ID y AWS_SECRET_ACCESS_KEY, o escriba ~/.aws/credentials"
        case .file(let failure): failure.spanish
        case .unreachable(let detail): detail
        case .refused(let status, let message): "HTTP \(status): \(message)"
        case .otherRegion(let region, let status, let message, let hasEndpoint):
            "HTTP \(status): \(message). El bucket está en la región \(region): ponga BACKUP_UPLOAD_REGION=\(region)"
                + (hasEndpoint
                    ? ", y en BACKUP_UPLOAD_ENDPOINT la dirección de esa región (sin definir para Amazon)" : "")
        case .checksum(let key): "\(key) llegó con otra suma de verificación que la enviada"
        }
    }
}
