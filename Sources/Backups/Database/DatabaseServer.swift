package import Connections
import Host

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
        var session = try PostgresSession(parameters, before: deadline)
        let answer = try session.query(
            """
            SELECT current_database(), current_user, current_setting('server_version'),
            current_setting('server_version_num')::int / 10000,
            has_table_privilege('pg_catalog.pg_authid', 'SELECT')
            """)
        session.end()
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
