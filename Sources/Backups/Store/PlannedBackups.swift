package import Decisions

/// The backups that count for one owner, and what the rules say of them.
package struct PlannedBackups {
    /// In the order of `plan`'s rules: the owner's own, and those that can't be proven to be.
    let backups: [StoredBackup]
    package let plan: RetentionPlan

    /// - Parameter now: Unix time.
    package init(_ stored: [StoredBackup], of owner: BackupOwner, policy: RetentionPolicy, at now: Int) {
        let own = stored.filter { owner.relation(to: $0) == .own }
        let unproven = stored.filter { owner.relation(to: $0) == .unproven }
        backups = own + unproven
        plan = RetentionPlan(for: own.map(\.age), unproven: unproven.map(\.age), policy: policy, now: now)
    }
}
