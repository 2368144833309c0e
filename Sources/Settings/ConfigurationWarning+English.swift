import Host

extension ConfigurationWarning {
    var english: String {
        switch self {
        case .overridesNothing(let variable, let nearest):
            "environment \(variable.escapingControls()) overrides no key"
                + (nearest.map { ", did you mean \($0.environmentName)?" } ?? "")
        case .noImage: "BACKEND_IMAGE is not set: backends can be adopted, but none can be started"
        case .fewPorts: "BACKEND_HOST_PORTS has fewer ports than MAX_BACKENDS asks for"
        case .noIdentity:
            "BACKUP_ENCRYPT_TO without BACKUP_IDENTITY_FILE: dumps can't be read again here, so none counts as verified and retention removes none"
        case .exposed(let path): "\(path) can be read by everybody; run: chmod o-r \(path)"
        case .unexpanded(let file, let line, let key):
            "\(file):\(line): \(key): ${…} stays as it is, nothing is expanded here; write the value, or '…' around it"
        case .nothingPublished:
            "PUBLISHER=none: nobody is told which backends are ready, and one that runs is ready"
        case .meaninglessForWorkers(let keys):
            "PUBLISHER=none: these keys mean nothing and can be deleted: \(keys.joined(separator: ", "))"
        case .reusedAddresses:
            "BACKEND_ADDRESS=network: while backends do not run (a reboot) Docker may give their addresses to other containers, and NGINX sends requests there until the first run. Give each service a Docker network of its own, or a BACKEND_PORT of its own"
        }
    }
}
