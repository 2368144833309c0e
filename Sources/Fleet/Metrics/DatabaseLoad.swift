package import Connections
package import Decisions
package import Host

/// How many connections are at work, as PostgreSQL counts them, or as a query of the user's own does.
package struct DatabaseLoad: MetricSource {
    package static let name = "database"

    private let parameters: PostgresParameters
    private let query: String?
    private let language: Language

    // Together they could take longer than the whole reading may.
    private static let connectTimeout = Duration.seconds(3)
    private static let statementTimeout = Duration.seconds(2)
    private static let wholeTimeout = Duration.seconds(6)
    /// How much longer than the server's own clock ours waits for a statement: the server's words are the better ones.
    private static let statementGrace = Duration.milliseconds(500)

    /// - Parameters:
    ///   - query: one row, one column, a number from 0 up; `nil` for the sessions in state *active*.
    ///   - language: of the words for a full database.
    package init(parameters: PostgresParameters, query: String? = nil, language: Language = .english) {
        self.parameters = parameters
        self.query = query
        self.language = language
    }

    /// It counts what is now, so it has nothing to remember.
    package func measure(after memory: Never?, before deadline: Deadline) async -> Measurement<Never> {
        let deadline = deadline.within(Self.wholeTimeout)
        do throws(DetachedThread.ThreadsExhausted) {
            return Measurement([.connections: try await DetachedThread.value { reading(before: deadline) }])
        } catch {
            return Measurement([.connections: .missing(.unavailable(error.description))])
        }
    }

    private func reading(before deadline: Deadline) -> Reading {
        do throws(PostgresFailure) {
            var connection = try PostgresConnection.connect(
                parameters: parameters, before: deadline.within(Self.connectTimeout))
            if let full = try slots(&connection, before: deadline) { return .saturated(full.sentence(in: language)) }
            try begin(&connection, before: deadline)
            let reading =
                if let query {
                    ReportedNumber(try ask(&connection, query, before: deadline)).reading
                } else {
                    ActiveSessions(try ask(&connection, ActiveSessions.query, before: deadline)).reading
                }
            Self.transaction.end(&connection, before: deadline.within(Self.statementTimeout + Self.statementGrace))
            return reading
        } catch {
            return Reading(error)
        }
    }

    /// What is used up. In a transaction of its own: a server that is not PostgreSQL's, which a query of the user's own may be
    /// meant for, fails here.
    private func slots(
        _ connection: inout PostgresConnection, before deadline: Deadline
    ) throws(PostgresFailure) -> ConnectionSlots? {
        try begin(&connection, before: deadline)
        do throws(PostgresFailure) {
            let rows = try ask(&connection, ConnectionSlots.query, before: deadline)
            _ = try ask(&connection, "ROLLBACK", before: deadline)
            return ConnectionSlots(rows)
        } catch .failed {
            _ = try ask(&connection, "ROLLBACK", before: deadline)
            return nil
        }
    }

    private static let transaction = ReadOnlyTransaction(timeout: statementTimeout)

    private func begin(_ connection: inout PostgresConnection, before deadline: Deadline) throws(PostgresFailure) {
        try Self.transaction.begin(
            &connection, before: deadline.within(Self.statementTimeout + Self.statementGrace))
    }

    private func ask(
        _ connection: inout PostgresConnection, _ sql: String, before deadline: Deadline
    ) throws(PostgresFailure) -> PostgresRows {
        let begin = ContinuousClock.now
        do throws(PostgresFailure) {
            return try connection.query(
                sql, keeping: 1, before: deadline.within(Self.statementTimeout + Self.statementGrace))
        } catch .failed(sqlState: "57014", _) where begin.duration(to: .now) >= Self.statementTimeout {
            throw .timedOut(seconds: Self.statementTimeout / .seconds(1))  // query_canceled, by our own setting
        }
    }
}

extension Reading {
    fileprivate init(_ failure: PostgresFailure) {
        self =
            switch failure {
            case .full(let message): .saturated(message)
            case .roleFull(let message): .missing(.roleFull(message))
            case .timedOut(let seconds): .missing(.timedOut(seconds: seconds))
            case .unreachable, .passwordMissing, .rejected, .failed: .missing(.unavailable(failure.description))
            }
    }
}
