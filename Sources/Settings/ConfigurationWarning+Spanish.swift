import Host

extension ConfigurationWarning {
    var spanish: String {
        switch self {
        case .overridesNothing(let variable, let nearest):
            "entorno \(variable.escapingControls()): no sustituye ninguna clave"
                + (nearest.map { ", ¿quiso decir \($0.environmentName)?" } ?? "")
        case .noImage: "BACKEND_IMAGE no está definido: se pueden adoptar backends, pero no arrancar ninguno"
        case .fewPorts: "BACKEND_HOST_PORTS tiene menos puertos de los que pide MAX_BACKENDS"
        case .noIdentity:
            "BACKUP_ENCRYPT_TO sin BACKUP_IDENTITY_FILE: aquí no se pueden releer los volcados, así que ninguno cuenta como verificado y la retención no elimina ninguno"
        case .exposed(let path): "cualquiera puede leer \(path); ejecute: chmod o-r \(path)"
        case .unexpanded(let file, let line, let key):
            "\(file):\(line): \(key): ${…} queda tal cual, aquí no se expande nada; escriba el valor, o '…' alrededor"
        case .nothingPublished:
            "PUBLISHER=none: no se dice a nadie qué backends están listos, y el que funciona está listo"
        case .meaninglessForWorkers(let keys):
            "PUBLISHER=none: estas claves no significan nada y se pueden borrar: \(keys.joined(separator: ", "))"
        case .reusedAddresses:
            "BACKEND_ADDRESS=network: mientras los backends no funcionan (un reinicio) Docker puede dar sus direcciones a otros contenedores, y NGINX les envía peticiones hasta la primera ejecución. Use una red de Docker propia para cada servicio, o un BACKEND_PORT propio"
        }
    }
}
