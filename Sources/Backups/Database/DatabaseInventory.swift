package import Connections
import Host

/// What a backup remembers of the database beside its dump, because no dump holds it.
package struct DatabaseInventory: Equatable, Sendable {
    /// `pg_database_size`: what a restore takes on the server's disk.
    package let bytes: Int
    /// PostgreSQL's name: `UTF8`, `SQL_ASCII`, `EUC_JP`.
    package let encoding: String
    /// By name. A dump says `CREATE EXTENSION` without the version.
    package let extensions: [String: String]
    /// Names of those that this database has; a restored one is disabled.
    package let subscriptions: [String]
    /// See `PostgresSession.neededOptions`.
    package let neededOptions: String?

    private static let patience = Duration.seconds(30)

    /// Asks the database itself; blocks its thread.
    package init(_ parameters: PostgresParameters) throws(PostgresFailure) {
        var session = try PostgresSession(parameters, before: Deadline(after: Self.patience))
        let answer = try session.query(
            "SELECT pg_database_size(current_database()), getdatabaseencoding()")
        guard let row = answer.rows.first, row.count == 2, let bytes = row[0].flatMap({ Int($0) }),
            let encoding = row[1]
        else { throw .failed(sqlState: "08P01", message: "the server did not say how large the database is") }
        self.bytes = bytes
        self.encoding = encoding
        let found = try session.query("SELECT extname, extversion FROM pg_extension")
        extensions = Dictionary(
            found.rows.compactMap { row in
                guard row.count == 2, let name = row[0], let version = row[1] else { return nil }
                return (name, version)
            }
        ) { first, _ in first }
        subscriptions = Self.subscriptions(&session)
        neededOptions = try session.neededOptions()
        session.end()
    }

    /// Only superusers may look before PostgreSQL 16: for others there are none to be told of.
    private static func subscriptions(_ session: inout PostgresSession) -> [String] {
        let answer = try? session.query(
            """
            SELECT subname FROM pg_subscription WHERE subdbid =
            (SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY 1
            """)
        return answer?.rows.compactMap { $0.first ?? nil } ?? []
    }
}
