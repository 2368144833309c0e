import Decisions
import SystemPackage

extension ConfigurationSection {
    static let service = ConfigurationSection(
        Words("The service", "El servicio"), keys: [.service, .language, .stateFile])
}

extension ConfigurationKey {
    static let service = Key(
        "SERVICE", .serviceName, default: "app",
        "Name of what is scaled. Backends are labelled with it and found by it, and the upstream is named after it, so two services of one server never share it.",
        "Nombre de lo que se escala. Los backends se etiquetan y se encuentran por él, y el upstream se llama así: dos servicios de un servidor nunca lo comparten."
    )
    static let language = Key<Language>(
        "LANGUAGE", .choice, default: "en",
        "Of log lines, status texts and reasons.",
        "De las líneas de registro, los textos de estado y los motivos.")
    static let stateFile = Key(
        "STATE_FILE", .path, default: "state/autoscale.json",
        "What a run remembers. Beside it lie the lock (`autoscale.json.lock`), `upstream.conf.last-good`, perhaps `upstream.conf.before-autoscale`, `autoscale.json.processes`, and the folder `history/`: each service needs a folder of its own.",
        "Lo que recuerda una ejecución. Junto a él están el bloqueo (`autoscale.json.lock`), `upstream.conf.last-good`, quizá `upstream.conf.before-autoscale`, `autoscale.json.processes` y la carpeta `history/`: cada servicio necesita una carpeta propia."
    )
}
