import Decisions

/// The backups of one database, and what the rules say of them.
struct PlannedBackups {
    let backups: [StoredBackup]
    let plan: RetentionPlan

    /// Retention is planned for each database on its own.
    /// - Parameter now: Unix time.
    /// - Returns: in the order of the databases' names.
    static func ofEachDatabase(_ stored: [StoredBackup], policy: RetentionPolicy, at now: Int) -> [PlannedBackups] {
        let databases = Dictionary(grouping: stored) { $0.name.database }
        return databases.sorted { $0.key < $1.key }.map { _, backups in
            PlannedBackups(
                backups: backups, plan: RetentionPlan(for: backups.map(\.age), policy: policy, now: now))
        }
    }
}
