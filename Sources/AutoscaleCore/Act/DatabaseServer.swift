/// The database server, as far as a backup has to know it.
package struct DatabaseServer: Equatable, Sendable {
    package let database: String
    package let role: String
    /// `15.14 (Debian 15.14-0+deb12u1)`
    package let version: String
    package let majorVersion: Int
    /// Whether the role may read what `pg_dumpall --globals-only` saves.
    package let canReadRoles: Bool

    private static let patience = Duration.seconds(15)

    /// Asks the server itself; blocks its thread.
    package init(_ parameters: PostgresParameters) throws(PostgresFailure) {
        let deadline = Deadline(after: Self.patience)
        var connection = try PostgresConnection.connect(parameters: parameters, before: deadline)
        let answer = try connection.query(
            """
            SELECT current_database(), current_user, current_setting('server_version'),
            current_setting('server_version_num')::int / 10000,
            has_table_privilege('pg_catalog.pg_authid', 'SELECT')
            """, before: deadline)
        guard let row = answer.rows.first, row.count == 5, let database = row[0], let role = row[1],
            let version = row[2], let major = row[3].flatMap({ Int($0) })
        else { throw .failed(sqlState: "08P01", message: "the server did not say what it is") }
        self.database = database
        self.role = role
        self.version = version
        majorVersion = major
        canReadRoles = row[4] == "t"
    }
}

/// Statements about databases as a whole; each call has a connection of its own, to `postgres`.
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

    /// From `template0`, so that nothing but the dump is in it.
    package func create(_ database: String) throws(PostgresFailure) {
        _ = try run("CREATE DATABASE \(SQLText.identifier(database)) TEMPLATE template0")
    }

    /// Whoever is connected to it is put out: PostgreSQL 13 and newer.
    package func drop(_ database: String) throws(PostgresFailure) {
        _ = try run("DROP DATABASE IF EXISTS \(SQLText.identifier(database)) WITH (FORCE)")
    }

    private func run(_ sql: String) throws(PostgresFailure) -> PostgresRows {
        let deadline = Deadline(after: Self.patience)
        var connection = try PostgresConnection.connect(
            parameters: parameters.with(database: "postgres"), before: deadline)
        return try connection.query(sql, before: deadline)
    }
}

/// The tables of one database.
package struct DatabaseTables: Sendable {
    let parameters: PostgresParameters
    let timeout: Duration

    /// Tables, views and sequences that somebody made: not the server's own, and not an extension's.
    package func count() throws(PostgresFailure) -> Int {
        let deadline = Deadline(after: timeout)
        var connection = try PostgresConnection.connect(parameters: parameters, before: deadline)
        let answer = try connection.query(
            """
            SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND n.nspname <> 'information_schema'
            AND n.nspname NOT LIKE 'pg\\_%' AND NOT EXISTS (SELECT 1 FROM pg_depend d
            WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
            """, before: deadline)
        return answer.rows.first?.first.flatMap(\.self).flatMap { Int($0) } ?? 0
    }

    /// Where the rows are not those that are expected.
    package func differences(from expected: [DumpRows.Table]) throws(PostgresFailure) -> [RowDifference] {
        let deadline = Deadline(after: timeout)
        var connection = try PostgresConnection.connect(parameters: parameters, before: deadline)
        var differences: [RowDifference] = []
        for table in expected {
            let name = "\(SQLText.identifier(table.schema)).\(SQLText.identifier(table.name))"
            var found: Int?
            do throws(PostgresFailure) {
                // Not the rows of tables that inherit from it: those are dumped on their own.
                let answer = try connection.query("SELECT count(*) FROM ONLY \(name)", before: deadline)
                found = answer.rows.first?.first.flatMap(\.self).flatMap { Int($0) }
            } catch .failed(sqlState: "42P01", _), .failed(sqlState: "3F000", _) {  // no such table, no such schema
            }
            if found != table.rows { differences.append(.init(table: name, expected: table.rows, found: found)) }
        }
        return differences
    }
}

/// Text inside of SQL; "Lexical Structure" in PostgreSQL's manual, with standard_conforming_strings on (the default).
enum SQLText {
    static func identifier(_ name: String) -> String { quoted(name, "\"") }
    static func literal(_ text: String) -> String { quoted(text, "'") }

    private static func quoted(_ text: String, _ quote: Character) -> String {
        var quoted = String(quote)
        for character in text.unicodeScalars {
            if Character(character) == quote { quoted.append(quote) }
            quoted.unicodeScalars.append(character)
        }
        quoted.append(quote)
        return quoted
    }
}
