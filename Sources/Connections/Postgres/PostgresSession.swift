package import Host

/// A connection to PostgreSQL that nothing bends: no setting of the role, of the database, or of libpq's `PG*`.
///
/// The settings are those that `pg_dump` gives its own connection (`setup_connection`): what it could dump must be
/// countable with the same eyes. They are taken back when the session is over, because behind PgBouncer in transaction
/// mode the connection goes on to somebody else.
package struct PostgresSession: ~Copyable {
    private var connection: PostgresConnection
    private let deadline: Deadline

    /// - Parameters:
    ///   - encoding: PostgreSQL's name of the one that names in statements have.
    ///   - lockTimeout: how long a statement waits for a lock; `.zero`: as long as the deadline lets it.
    package init(
        _ parameters: PostgresParameters, encoding: String = "UTF8", lockTimeout: Duration = .zero,
        before deadline: Deadline
    ) throws(PostgresFailure) {
        var connection = try PostgresConnection.connect(parameters: parameters, before: deadline)
        try Self.liftTimeLimit(of: &connection, before: deadline)
        let settings = Self.settings(lockTimeout: lockTimeout) + ["client_encoding = \(SQLText.literal(encoding))"]
        _ = try connection.query(settings.map { "SET \($0)" }.joined(separator: "; "), before: deadline)
        for setting in ["idle_session_timeout = 0", "transaction_timeout = 0"] {
            do throws(PostgresFailure) {
                _ = try connection.query("SET \(setting)", before: deadline)
            } catch .failed(sqlState: "42704", _) {  // a setting that this version of the server does not know
            }
        }
        self.connection = connection
        self.deadline = deadline
    }

    /// A role's own limit holds for the statement that lifts it, too: a millisecond may be over before it is done.
    private static func liftTimeLimit(
        of connection: inout PostgresConnection, before deadline: Deadline
    ) throws(PostgresFailure) {
        for attempt in 1... {
            do throws(PostgresFailure) {
                _ = try connection.query("SET statement_timeout = 0", before: deadline)
                return
            } catch .failed(sqlState: "57014", _) where attempt < 10 {  // query_canceled
            }
        }
    }

    private static func settings(lockTimeout: Duration) -> [String] {
        [
            "lock_timeout = \(Int(lockTimeout / .milliseconds(1)))",
            "idle_in_transaction_session_timeout = 0", "default_transaction_read_only = off",
            "default_transaction_isolation = 'read committed'",
            "row_security = off", "search_path = ''", "standard_conforming_strings = on", "synchronize_seqscans = off",
            "datestyle = 'ISO'", "intervalstyle = 'postgres'", "extra_float_digits = 0", "bytea_output = 'hex'",
        ]
    }

    /// What PostgreSQL's programs need in PGOPTIONS because role or database set something that would stop them;
    /// `nil`: nothing, which is as well, for PgBouncer takes no options.
    package mutating func neededOptions() throws(PostgresFailure) -> String? {
        let answer = try connection.query(
            """
            SELECT name FROM pg_catalog.pg_settings WHERE reset_val NOT IN ('0', 'off') AND name IN
            ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout',
            'default_transaction_read_only') ORDER BY 1
            """, before: deadline)
        let names = answer.rows.compactMap { $0.first ?? nil }
        guard !names.isEmpty else { return nil }
        return names.map { "-c \($0)=\($0 == "default_transaction_read_only" ? "off" : "0")" }.joined(separator: " ")
    }

    package mutating func query(_ sql: String) throws(PostgresFailure) -> PostgresRows {
        try connection.query(sql, before: deadline)
    }

    package mutating func query(_ sql: [UInt8]) throws(PostgresFailure) -> PostgresRows {
        try connection.query(sql, before: deadline)
    }

    /// The first column of the first row.
    package mutating func value(_ sql: String) throws(PostgresFailure) -> String? {
        try query(sql).rows.first?.first ?? nil
    }

    /// What was set here is no more.
    package consuming func end() {
        var connection = connection
        _ = try? connection.query("RESET ALL", before: deadline.within(.seconds(2)))
    }
}
