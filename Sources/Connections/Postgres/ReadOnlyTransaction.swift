package import Host

/// A transaction that only reads, with a time-out for each of its statements.
///
/// Both are of this one transaction, and nothing is of the session: behind PgBouncer a session's settings would stay with a
/// connection that the application gets next. Read-only guards against a slip, not against malice.
package struct ReadOnlyTransaction: Sendable {
    private let milliseconds: Int

    /// - Parameter timeout: of a statement, by the server's clock; one millisecond at least, as 0 would be none.
    package init(timeout: Duration) { milliseconds = max(1, Int(timeout / .milliseconds(1))) }

    package func begin(
        _ connection: inout PostgresConnection, before deadline: Deadline
    ) throws(PostgresFailure) {
        _ = try connection.query(
            "BEGIN READ ONLY; SET LOCAL statement_timeout = \(milliseconds)", keeping: 1, before: deadline)
    }

    /// Left open, it would cost PgBouncer its connection to the server. What was read stands whatever comes of this.
    package func end(_ connection: inout PostgresConnection, before deadline: Deadline) {
        _ = try? connection.query("ROLLBACK", before: deadline)
    }
}
