/// What is known of a dump before it is restored, read in its table of contents.
package struct ArchiveDescription {
    package let definition: DatabaseDefinition
    package let names: NamedRoles

    /// No schema has it, so nothing but what concerns the database as a whole is left.
    static let databaseOnly = ["--create", "--schema-only", "--schema=autoscale: none"]
    static let everything = ["--create", "--schema-only"]
}

/// What a drill leaves out: all that reaches beyond its scratch database, or that its server need not have.
package enum DrillContents {
    /// Roles of the original need not exist where a drill is held, and their rights say nothing about the data.
    static let options = [
        "--no-owner", "--no-privileges", "--no-tablespaces", "--no-subscriptions", "--no-publications",
        "--no-comments", "--no-security-labels",
    ]

    /// Event triggers run code of the application's for every statement of the restore.
    private static let never = ["EVENT TRIGGER"]
    private static let forMissingRoles = ["POLICY", "USER MAPPING"]

    /// - Parameter list: what `pg_restore --list` says.
    /// - Returns: the same without those entries, for `--use-list`.
    package static func list(_ list: [UInt8], withoutRoles: Bool) -> [UInt8] {
        let kinds = never + (withoutRoles ? forMissingRoles : [])
        let lines = list.split(separator: 0x0A, omittingEmptySubsequences: false)
        return Array(lines.filter { line in !kinds.contains { isEntry(line, of: $0) } }.joined(separator: [0x0A]))
    }

    /// `3338; 3256 16390 POLICY public t p postgres`
    private static func isEntry(_ line: ArraySlice<UInt8>, of kind: String) -> Bool {
        let parts = line.split(separator: 0x20, maxSplits: 3, omittingEmptySubsequences: true)
        return parts.count == 4 && parts[0].last == UInt8(ascii: ";") && parts[3].starts(with: Array("\(kind) ".utf8))
    }
}
