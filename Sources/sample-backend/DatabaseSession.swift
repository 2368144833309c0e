import Connections
import Host

/// A database connection that is at work, the database being the one of libpq's environment.
enum DatabaseSession {
    /// Holds one in state *active* for that long, on a thread of its own.
    static func hold(for duration: Duration) async throws(DetachedThread.ThreadsExhausted) -> PostgresFailure? {
        try await DetachedThread.value {
            do throws(PostgresFailure) {
                var connection = try PostgresConnection.connect(
                    parameters: ["application_name": "sample-backend"], before: Deadline(after: .seconds(15)))
                let sleep = "SELECT pg_sleep(\(duration / .seconds(1)))"
                _ = try connection.query(sleep, before: Deadline(after: duration + .seconds(5)))
                return nil
            } catch {
                return error
            }
        }
    }
}
