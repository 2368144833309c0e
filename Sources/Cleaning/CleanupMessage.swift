package import Decisions
package import Reporting

/// Every line that `cleanup` can log, in both languages.
package enum CleanupMessage: Equatable, Sendable {
    /// A part of the run that can be left out alone.
    package enum Part: String, Equatable, Sendable {
        case docker
        case containers
        case images
        case volumes
        case buildCache = "build_cache"
        case logs
        case history
        case state
        case backups
    }

    case started
    case removed(CleanupPlan.Kind, name: String, bytes: Int?)
    case rotated(name: String, to: String)
    case compressed(name: String, freed: Int)
    /// Docker, or a writer, said that it is in use after all.
    case inUse(CleanupPlan.Kind, name: String, why: String)
    case stillWritten(name: String)
    case notDone(CleanupPlan.Kind, name: String, why: String)
    case leftOut(Part, why: String)
    /// The same where waiting for the next run is all there is to do.
    case postponed(Part, why: String)
    /// Backups that are not removed because of whose they are.
    case leftAlone(String)
    /// Another service's, which may name images.
    case configurationUnread(path: String)
    /// It has a time that is still to come.
    case inFuture(CleanupPlan.Kind, name: String)
    case diskLow(CleanupReport.LowDisk)
    case done(things: Int, bytes: Int)
    case alertUntold(String)
    case interrupted
    case failed(String)
}

extension CleanupMessage: LogMessage {
    package var level: MessageLevel {
        switch self {
        case .started, .removed, .rotated, .compressed, .inUse, .stillWritten, .postponed, .leftAlone, .done: .plain
        case .leftOut, .inFuture, .configurationUnread, .diskLow, .alertUntold, .interrupted: .warning
        case .notDone, .failed: .error
        }
    }

    package var code: String? {
        switch self {
        case .started, .done: nil
        case .removed: "removed"
        case .rotated: "rotated"
        case .compressed: "compressed"
        case .inUse: "in_use"
        case .stillWritten: "still_written"
        case .notDone: "not_done"
        case .leftOut(let part, _): "left_out_\(part.rawValue)"
        case .leftAlone: "left_alone"
        case .inFuture: "in_future"
        case .configurationUnread: "configuration_unread"
        case .postponed(let part, _): "postponed_\(part.rawValue)"
        case .diskLow: "disk_low"
        case .alertUntold: "alert_untold"
        case .interrupted: "interrupted"
        case .failed: "failed"
        }
    }

    package func sentence(in language: Language) -> String {
        switch self {
        case .started: language.choose("Cleanup started", "Limpieza iniciada")
        case .removed(let kind, let name, let bytes):
            language.choose("Removed: ", "Eliminado: ")
                + Self.thing(kind, name, language) + (bytes.map { " (\(ByteCount($0)))" } ?? "")
        case .rotated(let name, let new):
            language.choose("Renamed: \(name) to \(new)", "Renombrado: \(name) a \(new)")
        case .compressed(let name, let freed):
            language.choose(
                "Compressed: \(name) (\(ByteCount(max(0, freed))) freed)",
                "Comprimido: \(name) (\(ByteCount(max(0, freed))) liberados)")
        case .inUse(let kind, let name, let why):
            language.choose("Kept, because it is in use: ", "Se conserva porque está en uso: ")
                + "\(Self.thing(kind, name, language)): \(why)"
        case .stillWritten(let name):
            language.choose(
                "A program still writes to \(name); it is compressed by a later run",
                "Un programa aún escribe en \(name); se comprimirá en otra ejecución")
        case .notDone(let kind, let name, let why):
            language.choose("Could not be removed: ", "No se pudo eliminar: ")
                + "\(Self.thing(kind, name, language)): \(why)"
        case .leftOut(let part, let why):
            language.choose(
                "Left out: \(part.word(in: language)): \(why)", "Omitido: \(part.word(in: language)): \(why)")
        case .postponed(let part, let why):
            language.choose(
                "Left to the next run: \(part.word(in: language)): \(why)",
                "Queda para la próxima ejecución: \(part.word(in: language)): \(why)")
        case .leftAlone(let sentence): language.choose("Not touched: ", "Sin tocar: ") + sentence
        case .configurationUnread(let path):
            language.choose(
                "\(path) can't be read, so the images that it names are not known: only those go that this service used",
                "\(path) no se puede leer, así que no se sabe qué imágenes nombra: solo se van las que usó este servicio"
            )
        case .inFuture(let kind, let name):
            language.choose(
                "\(Self.thing(kind, name, language)) has a time in the future: it was made with a wrong clock, or this host's clock is wrong now (timedatectl). It stays",
                "\(Self.thing(kind, name, language)) tiene una hora futura: se hizo con un reloj equivocado, o el de este host lo está ahora (timedatectl). Se queda"
            )
        case .diskLow(let disk): Self.sentence(disk, language)
        case .done(let things, let bytes):
            language.choose(
                "Cleanup done; removed, renamed or compressed: \(things), freed: \(ByteCount(bytes))",
                "Limpieza terminada; eliminados, renombrados o comprimidos: \(things), liberados: \(ByteCount(bytes))")
        case .interrupted:
            language.choose(
                "Ended by a signal; the next run goes on", "Terminado por una señal; la próxima ejecución continúa")
        case .alertUntold(let sentence), .failed(let sentence): sentence
        }
    }

    private static func thing(_ kind: CleanupPlan.Kind, _ name: String, _ language: Language) -> String {
        kind == .buildCache ? kind.word(in: language) : "\(kind.word(in: language)) \(name)"
    }

    private static func sentence(_ disk: CleanupReport.LowDisk, _ language: Language) -> String {
        let largest = disk.largest.map { "\($0.name) \(ByteCount($0.bytes))" }.joined(separator: ", ")
        return language.choose(
            "\(disk.path) has \(ByteCount(disk.freeBytes)) free, and CLEANUP_DISK_MIN_FREE asks for \(ByteCount(disk.minimumBytes))",
            "\(disk.path) tiene libres \(ByteCount(disk.freeBytes)) y CLEANUP_DISK_MIN_FREE pide \(ByteCount(disk.minimumBytes))"
        ) + (largest.isEmpty ? "" : language.choose(". Largest there: ", ". Lo mayor allí: ") + largest)
    }
}

extension CleanupPlan.Kind {
    package func word(in language: Language) -> String {
        switch self {
        case .container: language.choose("container", "contenedor")
        case .image: language.choose("image", "imagen")
        case .volume: language.choose("volume", "volumen")
        case .buildCache: language.choose("build cache", "caché de compilación")
        case .log: language.choose("log", "registro")
        case .history: language.choose("history", "historial")
        case .backup: language.choose("backup", "copia")
        case .leftover: language.choose("leftover", "resto")
        case .state: language.choose("state file set aside", "estado apartado")
        }
    }
}

extension CleanupMessage.Part {
    fileprivate func word(in language: Language) -> String {
        switch self {
        case .docker: "Docker"
        case .containers: language.choose("containers", "contenedores")
        case .images: language.choose("images", "imágenes")
        case .volumes: language.choose("volumes", "volúmenes")
        case .buildCache: language.choose("build cache", "caché de compilación")
        case .logs: language.choose("logs", "registros")
        case .history: language.choose("history", "historial")
        case .state: language.choose("state files set aside", "estados apartados")
        case .backups: language.choose("backups", "copias")
        }
    }
}
