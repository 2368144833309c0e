package import Decisions

extension ConfigurationSection {
    static let cleanup = ConfigurationSection(
        Words("Cleaning up", "Limpieza"),
        keys: [
            .cleanupGrace, .cleanupKeepImages, .cleanupLogMaximumSize, .cleanupLogDays, .cleanupHistoryDays,
            .cleanupDiskMinimumFree, .cleanupBuildCache, .cleanupOtherContainers, .cleanupVolumes,
        ])
}

extension ConfigurationKey {
    static let cleanupGrace = Key(
        "CLEANUP_GRACE", .seconds(0...31_536_000), default: "3600",
        "How long a container, an image, a volume or build cache has to be unused before it is removed.",
        "Cuánto tiempo sin uso debe llevar un contenedor, una imagen, un volumen o caché de compilación antes de eliminarse."
    )
    static let cleanupKeepImages = Key(
        "CLEANUP_KEEP_IMAGES", .integer(1...10_000), default: "2",
        "Images of `BACKEND_IMAGE`'s repository that stay whatever uses them, the newest first. Those of any container stay, too.",
        "Imágenes del repositorio de `BACKEND_IMAGE` que se quedan las use quien las use, primero las más nuevas. Las de cualquier contenedor también se quedan."
    )
    static let cleanupLogMaximumSize = Key(
        "CLEANUP_LOG_MAX_SIZE", .bytes(atLeast: 1, allowed: .logSize), default: "10m",
        "A log above it is renamed, and compressed by a later run, when nobody writes to it any more.",
        "Un registro mayor se renombra, y lo comprime una ejecución posterior, cuando ya nadie escribe en él.")
    static let cleanupLogDays = Key(
        "CLEANUP_LOG_DAYS", .integer(1...36_500), default: "30",
        "Renamed and compressed logs, those of backends that ended, and state files set aside are removed after so many days.",
        "Los registros renombrados y comprimidos, los de backends que terminaron y los archivos de estado apartados se eliminan tras tantos días."
    )
    static let cleanupHistoryDays = Key(
        "CLEANUP_HISTORY_DAYS", .integer(1...36_500), default: "90",
        "The same for the history of the runs.",
        "Lo mismo para el historial de las ejecuciones.")
    static let cleanupDiskMinimumFree = Key(
        "CLEANUP_DISK_MIN_FREE", .freeSpace, default: "10%",
        "With less free where state, logs, backups or Docker lie, `cleanup` and `healthcheck` warn, and `cleanup` says what is largest; less than half of it is critical.",
        "Con menos espacio libre donde están el estado, los registros, las copias o Docker, `cleanup` y `healthcheck` avisan, y `cleanup` dice qué es lo más grande; menos de la mitad es crítico."
    )
    static let cleanupBuildCache = Key(
        "CLEANUP_BUILD_CACHE", .flag, default: "false",
        "Remove Docker's build cache that was not used for `CLEANUP_GRACE`, whoever made it.",
        "Eliminar la caché de compilación de Docker que no se usó durante `CLEANUP_GRACE`, la hiciera quien la hiciera."
    )
    static let cleanupOtherContainers = Key(
        "CLEANUP_OTHER_CONTAINERS", .flag, default: "false",
        "Remove stopped containers that this tool did not make, too.",
        "Eliminar también los contenedores parados que no creó esta herramienta.")
    static let cleanupVolumes = Key<CleanupPolicy.Volumes>(
        "CLEANUP_VOLUMES", .choice, default: "none",
        "Remove unused volumes that nobody gave a name. Named ones are never removed.",
        "Eliminar los volúmenes sin uso a los que nadie dio nombre. Los que tienen nombre nunca se eliminan.")
}

extension Configuration {
    /// What `cleanup` removes, and when it says that a disk is nearly full.
    package struct Cleanup: Equatable, Sendable {
        package let policy: CleanupPolicy
        package let minimumFree: FreeSpaceFloor
    }

    static func cleanup(_ reader: inout ConfigurationReader) -> Cleanup {
        Cleanup(
            policy: CleanupPolicy(
                grace: Int(reader[.cleanupGrace].components.seconds), keptImages: reader[.cleanupKeepImages],
                largestLog: Int(reader[.cleanupLogMaximumSize]), logDays: reader[.cleanupLogDays],
                historyDays: reader[.cleanupHistoryDays], removesBuildCache: reader[.cleanupBuildCache],
                removesOtherContainers: reader[.cleanupOtherContainers], volumes: reader[.cleanupVolumes]),
            minimumFree: reader[.cleanupDiskMinimumFree])
    }
}
