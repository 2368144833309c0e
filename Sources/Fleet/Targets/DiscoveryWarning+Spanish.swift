import Connections
import Host

extension DiscoveryWarning {
    package var spanish: String {
        switch self {
        case .copiedLabels(let name):
            "\(name) lleva las etiquetas de un backend que no es (¿de una imagen hecha con commit?): no cuenta y se "
                + "deja como está; arránquelo con --label \(DockerLabel.service)= para no ver esta línea"
        case .unknownState(let name): "\(name) está en un estado desconocido y se deja como está"
        case .unpublished(let name, let port):
            "\(name) funciona y no publica el puerto \(port) en este equipo; no cuenta"
        case .onHostNetwork(let name):
            "\(name) usa la red del equipo y no tiene dirección propia para un NGINX en contenedor; no cuenta: "
                + "quite network_mode: host o ponga BACKEND_ADDRESS=published"
        case .networkNotChosen(let name):
            "\(name) está en más de una red y ninguna está configurada; no cuenta: ponga BACKEND_NETWORK"
        case .noAddress(let name, let network):
            "\(name) funciona y no tiene dirección en \(network.map { "la red \($0)" } ?? "una red"); no cuenta"
        case .notStartedByUs(let pid, let user, let service):
            "el proceso \(pid) del usuario \(Self.shown(user, or: "desconocido")) lleva las variables de \(service) y no "
                + "lo arrancó esta herramienta: se deja como está"
        case .notToBeSeen(let pid, let user, let program, let errno):
            "el proceso \(pid) ejecuta \(program) y es del usuario \(Self.shown(user, or: "desconocido")): no se puede "
                + "mirar (\(errno)); ejecute como ese usuario o termínelo"
        case .sameVariables(let pid, let name, let process):
            "el proceso \(pid) lleva las variables de \(name) (\(process)) y no cuenta"
        case .inBackground(let name, let pid):
            "\(name) funciona en segundo plano como el proceso \(pid), que no es el arrancado; "
                + "mantenga BACKEND_COMMAND en primer plano (sin --daemon ni &)"
        case .left(let pid, let name):
            "el proceso \(pid) quedó de \(name), que ha terminado: no cuenta y se deja como está; termínelo "
                + "si no hace falta"
        case .portNotToBeSeen(let name, let pid, let user, let port):
            "\(name) (proceso \(pid)) es del usuario \(Self.shown(user, or: "desconocido")): cuenta, y no se puede ver si "
                + "el puerto \(port) es suyo; ejecute como ese usuario o como root"
        case .portHeld(let name, let holder): "\(name): \(holder.spanish)"
        case .holdersNotToBeSeen(let error): error.spanish
        }
    }
}
