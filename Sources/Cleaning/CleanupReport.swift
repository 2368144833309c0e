package import Decisions
package import Reporting

/// What `cleanup` did, or in a dry run would do: text and JSON are two prints of it.
package struct CleanupReport: Codable, Equatable, Sendable {
    package struct Entry: Codable, Equatable, Sendable {
        package let kind: CleanupPlan.Kind
        package let name: String
        /// `null`: not known.
        package let bytes: Int?
        package let action: CleanupPlan.Action
        package let reason: Explained
        /// Whether the action was carried out; `false` in a dry run, and for what is kept.
        package var isDone = false

        init(_ entry: CleanupPlan.Entry, in language: Language) {
            kind = entry.kind
            name = entry.name
            bytes = entry.bytes
            action = entry.verdict.action
            reason = .init(code: entry.verdict.code, text: entry.verdict.sentence(in: language))
        }
    }

    /// A file system with less free than `CLEANUP_DISK_MIN_FREE`.
    package struct LowDisk: Codable, Equatable, Sendable {
        /// One of our folders there.
        package let path: String
        package let freeBytes: Int
        package let minimumBytes: Int
        /// What is largest there, of what we know.
        package let largest: [Room]
    }

    /// What may take much room, of what we know.
    enum Use: Equatable, Catalogue {
        case logs
        case backups
        case history
        case images
        case containers
        case volumes
        case buildCache
    }

    /// What takes how much room.
    package struct Room: Codable, Equatable, Sendable {
        package let name: String
        package let bytes: Int

        package init(name: String, bytes: Int) {
            self.name = name
            self.bytes = bytes
        }
    }

    /// When the run began: ISO 8601, UTC.
    package let time: String
    package let isDryRun: Bool
    package var entries: [Entry] = []
    /// How many actions were carried out.
    package var done = 0
    package var freedBytes = 0
    package var lowDisks: [LowDisk] = []
    package var events: [Explained] = []
    package var durationMilliseconds = 0
    package var exitStatus: Int32 = 0

    init(time: String, isDryRun: Bool) {
        self.time = time
        self.isDryRun = isDryRun
    }

    /// What the plan would do.
    package var planned: [Entry] { entries.filter { $0.action != .keep } }

    /// The bytes that the plan frees at most: images share layers, and what is compressed stays in part.
    package var plannedBytes: Int {
        planned.filter { $0.action == .remove }.reduce(0) { $0 &+ max(0, $1.bytes ?? 0) }
    }
}
