import Decisions

extension CleanupMessage {
    package var english: String {
        switch self {
        case .started: "Cleanup started"
        case .removed(let kind, let name, let bytes):
            "Removed: \(kind.english(name))" + (bytes.map { " (\(ByteCount($0)))" } ?? "")
        case .rotated(let name, let new): "Renamed: \(name) to \(new)"
        case .compressed(let name, let freed): "Compressed: \(name) (\(ByteCount(max(0, freed))) freed)"
        case .inUse(let kind, let name, let says): "Kept, because it is in use: \(kind.english(name)): \(says)"
        case .stillWritten(let name): "A program still writes to \(name); a later run compresses it"
        case .postponed(let what): "Left to the next run: \(what.english)"
        case .leftAlone(let backups): "Not touched: \(backups.english)"
        case .configurationUnread(let path):
            "\(path) can't be read, so the images that it names are not known: of a shared repository, only images that this service has used are removed"
        case .inFuture(let kind, let name):
            "\(kind.english(name)) has a time in the future, so it is kept: the clock was wrong when it was made, or is wrong now; check it with timedatectl"
        case .diskLow(let disk): disk.english
        case .done(let things, let bytes):
            "Cleanup done; removed, renamed or compressed: \(things), freed: \(ByteCount(bytes))"
        case .interrupted: "Ended by a signal; the next run goes on"
        case .failed(let failure): failure.english
        case .alertUntold(let sentence): sentence
        }
    }
}

extension CleanupReport.LowDisk {
    fileprivate var english: String {
        "\(path) has \(ByteCount(freeBytes)) free, and CLEANUP_DISK_MIN_FREE asks for \(ByteCount(minimumBytes))"
            + (largest.isEmpty
                ? ""
                : ". Largest there: " + largest.map { "\($0.name) \(ByteCount($0.bytes))" }.joined(separator: ", "))
    }
}

extension CleanupPlan.Kind {
    package var english: String {
        switch self {
        case .container: "container"
        case .image: "image"
        case .volume: "volume"
        case .buildCache: "build cache"
        case .log: "log"
        case .history: "history"
        case .backup: "backup"
        case .leftover: "leftover"
        case .state: "state file set aside"
        }
    }

    func english(_ name: String) -> String { self == .buildCache ? english : "\(english) \(name)" }
}

extension CleanupMessage.Part {
    var english: String {
        switch self {
        case .docker: "Docker"
        case .containers: "containers"
        case .images: "images"
        case .volumes: "volumes"
        case .buildCache: "build cache"
        case .logs: "logs"
        case .history: "history"
        case .state: "state files set aside"
        case .backups: "backups"
        }
    }
}

extension CleanupMessage.Postponed {
    fileprivate var english: String {
        switch self {
        case .compression: "logs: whether a program still writes to one can't be known on this file system"
        case .backups(let lock): "backups: a backup is under way (it holds \(lock))"
        }
    }
}

extension CleanupReport.Use {
    var english: String {
        switch self {
        case .logs: "logs"
        case .backups: "backups"
        case .history: "history"
        case .images: "images"
        case .containers: "containers"
        case .volumes: "volumes"
        case .buildCache: "build cache"
        }
    }
}
