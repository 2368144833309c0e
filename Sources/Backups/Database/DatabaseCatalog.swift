package import Connections
import Host

/// Statements about databases as a whole; each call has a session of its own, in `postgres`.
package struct DatabaseCatalog: Sendable {
    private let parameters: PostgresParameters
    private static let patience = Duration.seconds(120)

    package init(_ parameters: PostgresParameters) { self.parameters = parameters }

    package func exists(_ database: String) throws(PostgresFailure) -> Bool {
        try run("SELECT 1 FROM pg_database WHERE datname = \(SQLText.literal(database))").count > 0
    }

    /// Names that begin with this and to which nobody is connected.
    package func idle(startingWith prefix: String) throws(PostgresFailure) -> [String] {
        try run(
            """
            SELECT datname FROM pg_database d WHERE starts_with(datname, \(SQLText.literal(prefix)))
            AND NOT EXISTS (SELECT 1 FROM pg_stat_activity a WHERE a.datid = d.oid)
            """
        ).rows.compactMap { $0.first ?? nil }
    }

    /// With the archive's own statement; without one from `template0`, so that nothing but the dump is in it.
    package func create(
        _ database: String, _ statement: SQLScript.Statement?, after preparation: [SQLScript.Statement]
    ) throws(PostgresFailure) {
        let bytes = statement?.bytes ?? Array("CREATE DATABASE \(SQLText.identifier(database)) TEMPLATE template0".utf8)
        var session = try session()
        for line in preparation { _ = try session.query(line.bytes) }
        _ = try session.query(bytes)
        session.end()
    }

    /// Runs each on its own, in the database that they are about: a comment's bytes are kept as its encoding has them.
    /// - Returns: those that the server refused, with its words.
    package func apply(
        _ statements: [SQLScript.Statement], in database: String, after preparation: [SQLScript.Statement]
    ) throws(PostgresFailure) -> [RefusedStatement] {
        guard !statements.isEmpty else { return [] }
        var refused: [RefusedStatement] = []
        var session = try PostgresSession(
            parameters.with(database: database), before: Deadline(after: Self.patience))
        for line in preparation { _ = try session.query(line.bytes) }
        for statement in statements {
            do throws(PostgresFailure) {
                _ = try session.query(statement.bytes)
            } catch .failed(_, let message) {
                refused.append(.init(statement: statement, why: message))
            }
        }
        session.end()
        return refused
    }

    /// Puts out who looked into the database meanwhile (a monitoring tool): its name is ours alone until now.
    package func rename(_ database: String, to name: String) throws(PostgresFailure) {
        let statement = "ALTER DATABASE \(SQLText.identifier(database)) RENAME TO \(SQLText.identifier(name))"
        for _ in 0..<5 {
            putOut(database)
            do throws(PostgresFailure) {
                _ = try run(statement)
                return
            } catch .failed(sqlState: "55006", _) {  // object_in_use: the server waits 5 s itself before it says so
            }
        }
        _ = try run(statement)
    }

    private func putOut(_ database: String) {
        _ = try? run(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = \(SQLText.literal(database)) AND backend_type = 'client backend'
            """)
    }

    /// Whoever is connected to it is put out: PostgreSQL 13 and newer. A template and a database with a subscription
    /// (of an earlier version's drill, say) can be dropped, too; nothing that it is connected to is touched.
    package func drop(_ database: String) throws(PostgresFailure) {
        let statement = "DROP DATABASE IF EXISTS \(SQLText.identifier(database)) WITH (FORCE)"
        do throws(PostgresFailure) {
            _ = try run(statement)
        } catch .failed(sqlState: "55006", _) {
            try forgetSubscriptions(of: database)
            _ = try run(statement)
        } catch .failed(sqlState: "42809", _) {  // wrong_object_type: a template
            _ = try run("ALTER DATABASE \(SQLText.identifier(database)) IS_TEMPLATE false")
            _ = try run(statement)
        }
    }

    /// Without the slot on the publisher, which is the original's.
    private func forgetSubscriptions(of database: String) throws(PostgresFailure) {
        let deadline = Deadline(after: Self.patience)
        var session = try PostgresSession(parameters.with(database: database), before: deadline)
        let names = try session.query(
            """
            SELECT subname FROM pg_subscription WHERE subdbid =
            (SELECT oid FROM pg_database WHERE datname = current_database())
            """
        ).rows.compactMap { $0.first ?? nil }.map(SQLText.identifier)
        for name in names {
            _ = try session.query("ALTER SUBSCRIPTION \(name) DISABLE")
            _ = try session.query("ALTER SUBSCRIPTION \(name) SET (slot_name = NONE)")
            _ = try session.query("DROP SUBSCRIPTION \(name)")
        }
        session.end()
    }

    /// Of those, the ones that are not there.
    package func missing(_ names: NamedRoles, isDrill: Bool) throws(PostgresFailure) -> MissingNames {
        MissingNames(
            roles: try missing(isDrill ? names.rolesOfPolicies : names.roles, in: "pg_roles", "rolname"),
            tablespaces: try missing(isDrill ? [] : names.tablespaces, in: "pg_tablespace", "spcname"))
    }

    private func missing(
        _ names: Set<String>, in table: String, _ column: String
    ) throws(PostgresFailure) -> [String] {
        guard !names.isEmpty else { return [] }
        // Names of roles have no encoding of their own: where they can't be read, `pg_restore` will say what is missing.
        guard let answer = try? run("SELECT \(column) FROM pg_catalog.\(table)") else { return [] }
        let there = Set(answer.rows.compactMap { $0.first ?? nil })
        return names.subtracting(there).sorted()
    }

    private func session() throws(PostgresFailure) -> PostgresSession {
        try PostgresSession(parameters.with(database: "postgres"), before: Deadline(after: Self.patience))
    }

    func run(_ sql: String) throws(PostgresFailure) -> PostgresRows {
        var session = try session()
        let rows = try session.query(sql)
        session.end()
        return rows
    }
}

/// A statement that the server did not carry out, and its words.
package struct RefusedStatement: Equatable {
    package let statement: SQLScript.Statement
    package let why: String
}

/// What a dump names and the server has not.
package struct MissingNames: Equatable, Sendable {
    package let roles: [String]
    package let tablespaces: [String]

    package var isEmpty: Bool { roles.isEmpty && tablespaces.isEmpty }
}
