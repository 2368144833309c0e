import Decisions

extension CleanupMessage {
    package var spanish: String {
        switch self {
        case .started: "Limpieza iniciada"
        case .removed(let kind, let name, let bytes):
            "Eliminado: \(kind.spanish(name))" + (bytes.map { " (\(ByteCount($0)))" } ?? "")
        case .rotated(let name, let new): "Renombrado: \(name) a \(new)"
        case .compressed(let name, let freed): "Comprimido: \(name) (\(ByteCount(max(0, freed))) liberados)"
        case .inUse(let kind, let name, let says): "Se conserva porque está en uso: \(kind.spanish(name)): \(says)"
        case .stillWritten(let name): "Un programa aún escribe en \(name); lo comprime una ejecución posterior"
        case .postponed(let what): "Queda para la próxima ejecución: \(what.spanish)"
        case .leftAlone(let backups): "Sin tocar: \(backups.spanish)"
        case .configurationUnread(let path):
            "\(path) no se puede leer, así que no se sabe qué imágenes nombra: de un repositorio compartido solo se eliminan imágenes que este servicio ha usado"
        case .inFuture(let kind, let name):
            "\(kind.spanish(name)) tiene una hora futura, así que se conserva: el reloj estaba mal al crearlo, o lo está ahora; compruébelo con timedatectl"
        case .diskLow(let disk): disk.spanish
        case .done(let things, let bytes):
            "Limpieza terminada; eliminados, renombrados o comprimidos: \(things), liberados: \(ByteCount(bytes))"
        case .interrupted: "Terminado por una señal; la próxima ejecución continúa"
        case .failed(let failure): failure.spanish
        case .alertUntold(let sentence): sentence
        }
    }
}

extension CleanupReport.LowDisk {
    fileprivate var spanish: String {
        "\(path) tiene libres \(ByteCount(freeBytes)) y CLEANUP_DISK_MIN_FREE pide \(ByteCount(minimumBytes))"
            + (largest.isEmpty
                ? ""
                : ". Lo mayor allí: " + largest.map { "\($0.name) \(ByteCount($0.bytes))" }.joined(separator: ", "))
    }
}

extension CleanupPlan.Kind {
    package var spanish: String {
        switch self {
        case .container: "contenedor"
        case .image: "imagen"
        case .volume: "volumen"
        case .buildCache: "caché de compilación"
        case .log: "registro"
        case .history: "historial"
        case .backup: "copia"
        case .leftover: "resto"
        case .state: "estado apartado"
        }
    }

    func spanish(_ name: String) -> String { self == .buildCache ? spanish : "\(spanish) \(name)" }
}

extension CleanupMessage.Part {
    var spanish: String {
        switch self {
        case .docker: "Docker"
        case .containers: "contenedores"
        case .images: "imágenes"
        case .volumes: "volúmenes"
        case .buildCache: "caché de compilación"
        case .logs: "registros"
        case .history: "historial"
        case .state: "estados apartados"
        case .backups: "copias"
        }
    }
}

extension CleanupMessage.Postponed {
    fileprivate var spanish: String {
        switch self {
        case .compression:
            "registros: en este sistema de archivos no se puede saber si un programa aún escribe en uno"
        case .backups(let lock): "copias: hay una copia en curso (tiene \(lock))"
        }
    }
}

extension CleanupReport.Use {
    var spanish: String {
        switch self {
        case .logs: "registros"
        case .backups: "copias"
        case .history: "historial"
        case .images: "imágenes"
        case .containers: "contenedores"
        case .volumes: "volúmenes"
        case .buildCache: "caché de compilación"
        }
    }
}
