import Connections
import Decisions
import Host

/// Which database of which server it is, whatever address leads there.
struct DatabaseIdentity: Equatable, Sendable {
    let database: String
    /// `nil` where the role may not read it.
    let server: String?

    init(database: String, server: String?) {
        self.database = database
        self.server = server
    }

    /// For commands that have to go on without the server, too: a disaster is when they are needed.
    static let patience = Duration.seconds(3)

    /// Asks the server itself; blocks its thread.
    init(
        _ parameters: PostgresParameters, before deadline: Deadline = Deadline(after: patience)
    ) throws(PostgresFailure) {
        var session = try PostgresSession(parameters, before: deadline)
        let name = try session.query("SELECT current_database()")
        guard let database = name.rows.first?.first ?? nil else {
            throw .failed(sqlState: "08P01", message: "the server did not say what it is")
        }
        self.database = database
        do throws(PostgresFailure) {
            let answer = try session.query("SELECT system_identifier::text FROM pg_catalog.pg_control_system()")
            server = answer.rows.first?.first ?? nil
        } catch {
            // Not permitted, or no such function: everything else means that nothing is known.
            guard case .failed(let sqlState, _) = error, ["42501", "42883"].contains(sqlState) else { throw error }
            server = nil
        }
        session.end()
    }
}
