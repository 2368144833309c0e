import Connections
import Decisions
import Fleet
import Foundation
import Host
import Synchronization
import TestSupport
import Testing

@Suite("The database's load")
struct DatabaseLoadTests {
    /// What a machine that is busy with other tests may need for something that ends by itself. Which clock ended it shows in
    /// the reading.
    private static let soon = Duration.seconds(10)

    // MARK: The default query

    @Test("counts active sessions, not idle ones, not itself and no server processes")
    func activeSessions() async throws {
        try await withPrivatePostgres { server in
            #expect(await reading(server.parameters()) == .value(0))
            var idle = try server.connect()
            try server.keepBusy(sessions: 3)
            try await eventually("three sessions count") { await reading(server.parameters()) == .value(3) }
            _ = try idle.query("SELECT 1", before: Deadline(after: .seconds(5)))
        }
    }

    @Test("C2 sessions that the role may not see make the reading missing, not low")
    func hiddenSessions() async throws {
        try await withPrivatePostgres { server in
            try server.run(
                """
                CREATE ROLE monitors ROLE postgres;
                GRANT pg_monitor TO monitors;
                CREATE ROLE stranger LOGIN;
                CREATE ROLE noinherit LOGIN NOINHERIT IN ROLE monitors;
                CREATE ROLE member LOGIN IN ROLE monitors;
                """)
            try server.keepBusy(sessions: 2)
            try await eventually("both run") { await reading(server.parameters()) == .value(2) }
            for role in ["stranger", "noinherit"] {
                try await eventually("both are hidden") {  // and no earlier reading's own session any more
                    await reading(server.parameters(user: role)) == .missing(.hiddenSessions(count: 2, role: role))
                }
            }
            #expect(await reading(server.parameters(user: "member")) == .value(2))
        }
    }

    @Test("a server that does not track activities gives no reading")
    func untracked() async throws {
        try await withPrivatePostgres(settings: ["track_activities": "off"]) { server in
            var other = try server.connect()
            let words = "sessions whose state is not tracked (track_activities is off): 1"
            try await eventually("only the other one is left") {
                await reading(server.parameters()) == .missing(.unavailable(words))
            }
            _ = try other.query("SELECT 1", before: Deadline(after: .seconds(5)))
        }
    }

    // MARK: A query of the user's own

    @Test("the documents' query on a table of connections")
    func table() async throws {
        try await withPrivatePostgres { server in
            try server.run(
                "CREATE TABLE active_connections (id int); INSERT INTO active_connections SELECT generate_series(1, 78)"
            )
            let query = "SELECT count(*) FROM active_connections"
            #expect(await reading(server.parameters(), query: query) == .value(78))
            #expect(await reading(server.parameters(), query: query + "; -- with a comment") == .value(78))
            #expect(await reading(server.parameters(), query: "SELECT avg(id) FROM active_connections") == .value(39))
        }
    }

    @Test("an answer that is no number is missing, in words; so is one that fails")
    func noNumber() async throws {
        try await withPrivatePostgres { server in
            try server.run("CREATE TABLE t AS SELECT 1 AS id")
            let expected: [(String, MissingReason)] = [
                ("SELECT 1, 2", .notANumber("2 columns")),
                ("SELECT generate_series(1, 10000)", .notANumber("10000 rows")),
                ("SELECT 1 WHERE false", .notANumber("no row")),
                ("SELECT NULL", .notANumber("NULL")),
                ("SELECT 'NaN'::float8", .notANumber("`NaN`")),
                ("SELECT -1", .notANumber("`-1`")),
                ("SET work_mem = '1MB'", .notANumber("a statement that returns no rows")),
                ("", .notANumber("a statement that returns no rows")),
                ("SELEC 1", .unavailable("syntax error at or near \"SELEC\" (42601)")),
                ("COPY t TO STDOUT", .unavailable("COPY is not a query (0A000)")),
                (
                    "DELETE FROM t RETURNING 1",
                    .unavailable("cannot execute DELETE in a read-only transaction (25006)")
                ),
                (
                    "SELECT pg_terminate_backend(pg_backend_pid())",
                    .unavailable("terminating connection due to administrator command (57P01)")
                ),
            ]
            for (query, reason) in expected {
                #expect(await reading(server.parameters(), query: query) == .missing(reason), "\(query)")
            }
            #expect(try server.run("SELECT count(*) FROM t").rows == [["1"]])
        }
    }

    // MARK: A full database

    @Test(
        "D1 full is saturated: the reserved slots, the last slot, a limit of the database; a limit of our role is missing"
    )
    func full() async throws {
        let settings = ["max_connections": "8", "superuser_reserved_connections": "3"]
        try await withPrivatePostgres(settings: settings) { server in
            try server.run(
                """
                CREATE ROLE app LOGIN;
                CREATE ROLE limited LOGIN CONNECTION LIMIT 0;
                """)
            try server.run("CREATE DATABASE small CONNECTION LIMIT 0")
            #expect(
                await reading(server.parameters(user: "limited"))
                    == .missing(.roleFull("too many connections for role \"limited\"")))
            #expect(
                await reading(server.parameters(user: "app", database: "small"))
                    == .saturated("too many connections for database \"small\""))
            try server.keepBusy(sessions: 5, user: "app")
            // Let in by the slots that are reserved for it, a superuser sees what the application meets.
            let words = "5 connections are open, and max_connections leaves 5 to applications"
            for query in [nil, "SELECT 1"] {
                try await eventually("the five sessions are all there may be") {
                    await reading(server.parameters(), query: query) == .saturated(words)
                }
            }
            #expect(
                await reading(server.parameters(user: "app"))
                    == .saturated("remaining connection slots are reserved for non-replication superuser connections"))
            try server.keepBusy(sessions: 3)
            try await eventually("the last slot is gone") {
                await reading(server.parameters()) == .saturated("sorry, too many clients already")
            }
        }
    }

    @Test("D1 limits of the database and of the application's role are seen by one whom they don't bind")
    func limits() async throws {
        try await withPrivatePostgres { server in
            try server.run(
                """
                CREATE ROLE app LOGIN CONNECTION LIMIT 3;
                CREATE ROLE tool LOGIN CONNECTION LIMIT 1;
                """)
            try server.run("CREATE DATABASE small CONNECTION LIMIT 2")
            try server.keepBusy(sessions: 1, user: "tool")
            try server.keepBusy(sessions: 2, user: "app")
            try await eventually("neither a tool's only session nor one below the limit is full") {
                await reading(server.parameters()) == .value(3)
            }
            try server.keepBusy(sessions: 1, user: "app")
            try await eventually("the application's role has no connection left") {
                await reading(server.parameters())
                    == .saturated("role app: 3 connections are open, and its CONNECTION LIMIT is 3")
            }
            let small = server.parameters(database: "small")
            #expect(await reading(small) == .value(4))
            let sessions = try (0..<2).map { _ in
                try PostgresHold(small)
            }
            try await eventually("the database has no connection left") {
                await reading(small)
                    == .saturated("database small: 2 connections are open, and its CONNECTION LIMIT is 2")
            }
            withExtendedLifetime(sessions) {}
        }
    }

    @Test("D1 a PgBouncer without a free connection, to clients or to the server, is saturated")
    func fullPooler() async throws {
        let settings = ["max_connections": "8", "superuser_reserved_connections": "3", "lc_messages": "C"]
        try await withPrivatePostgres(settings: settings) { server in
            try await withPrivatePgBouncer(before: server, settings: ["max_client_conn = 1"]) { parameters in
                var holder = try PostgresConnection.connect(
                    parameters: parameters, before: Deadline(after: .seconds(5)))
                guard case .saturated(let words)? = await reading(parameters) else {
                    Issue.record("a pooler without a free client connection")
                    return
                }
                #expect(words.contains("no more connections allowed"))
                _ = try holder.query("SELECT 1", before: Deadline(after: .seconds(5)))
            }
            try await withPrivatePgBouncer(before: server, settings: ["query_wait_timeout = 1"]) { parameters in
                var holder = try PostgresConnection.connect(
                    parameters: parameters, before: Deadline(after: .seconds(5)))
                _ = try holder.query("BEGIN", before: Deadline(after: .seconds(5)))
                #expect(await reading(parameters) == .saturated("query_wait_timeout"))
            }
        }
    }

    // MARK: A database that is not there, or hangs

    @Test("a wrong password and a missing one are missing readings that don't repeat it")
    func password() async throws {
        try await withPrivatePostgres(authentication: .password) { server in
            try server.run("CREATE ROLE app LOGIN PASSWORD 'right'; GRANT pg_monitor TO app")
            #expect(await reading(server.parameters(user: "app", password: "right")) == .value(0))
            #expect(
                await reading(server.parameters(user: "app", password: "canary"))
                    == .missing(.unavailable("password authentication failed for user \"app\" (28P01)")))
            let words = try #require(await unavailability(server.parameters(user: "app")))
            #expect(words.contains("no password supplied"))
        }
    }

    @Test("nobody listens: missing at once, with the system's words")
    func refused() async throws {
        let port = try freePort()
        let begin = ContinuousClock.now
        let words = try #require(await unavailability(["host": "127.0.0.1", "port": "\(port)", "user": "app"]))
        #expect(words.contains("Connection refused"))
        #expect(begin.duration(to: .now) < Self.soon)
    }

    @Test("a parameter that libpq does not take is a missing reading")
    func parameter() async throws {
        let words = try #require(await unavailability(["host": "127.0.0.1", "sslmode": "sometimes"]))
        #expect(words.contains("sslmode"))
    }

    @Test("D2 a server that accepts and never answers costs 3 s")
    func silent() async throws {
        let silent = try LoopbackSocket(listening: 8)
        let begin = ContinuousClock.now
        let answer = await reading(["host": "127.0.0.1", "port": "\(silent.port)", "user": "app"])
        #expect(answer == .missing(.timedOut(seconds: 3)))
        #expect(begin.duration(to: .now) < Self.soon)
    }

    @Test("D2 the run's own deadline comes first")
    func deadline() async throws {
        let silent = try LoopbackSocket(listening: 8)
        let begin = ContinuousClock.now
        let load = DatabaseLoad(parameters: ["host": "127.0.0.1", "port": "\(silent.port)", "user": "app"])
        let readings = await load.measure(after: nil, before: Deadline(after: .milliseconds(400))).readings
        guard case .missing(.timedOut(let seconds)) = readings[.connections], readings.count == 1 else {
            Issue.record("\(readings)")
            return
        }
        #expect(seconds > 0 && seconds <= 0.4, "what was left of it")
        #expect(begin.duration(to: .now) < Self.soon)
    }

    @Test("D2 a stopped postmaster costs 3 s")
    func stoppedPostmaster() async throws {
        try await withPrivatePostgres { server in
            kill(server.pid, SIGSTOP)
            defer { kill(server.pid, SIGCONT) }
            let begin = ContinuousClock.now
            #expect(await reading(server.parameters()) == .missing(.timedOut(seconds: 3)))
            #expect(begin.duration(to: .now) < Self.soon)
        }
    }

    @Test("D2 a statement that takes too long is ended by the server after 2 s")
    func statementTimeout() async throws {
        try await withPrivatePostgres { server in
            let begin = ContinuousClock.now
            #expect(await isTimedOut(server.parameters(), query: "SELECT pg_sleep(60)"))
            #expect(begin.duration(to: .now) < Self.soon)
            try await eventually("nothing of it is left on the server") {
                await reading(server.parameters()) == .value(0)
            }
        }
    }

    @Test("D2 a statement that somebody cancels is no time-out")
    func cancelled() async throws {
        try await withPrivatePostgres { server in
            #expect(
                await reading(server.parameters(), query: "SELECT pg_cancel_backend(pg_backend_pid()), pg_sleep(1)")
                    == .missing(.unavailable("canceling statement due to user request (57014)")))
        }
    }

    @Test("D2 a backend that is stopped in the middle of a statement costs 2.5 s")
    func stoppedBackend() async throws {
        try await withPrivatePostgres { server in
            let begin = ContinuousClock.now
            #expect(
                await isTimedOut(
                    server.parameters(), query: "COPY (SELECT 1) TO PROGRAM 'kill -STOP $PPID'; SELECT pg_sleep(60)"))
            #expect(begin.duration(to: .now) < Self.soon)
            let stopped = try server.run("SELECT pid FROM pg_stat_activity WHERE application_name = 'autoscale'")
            for pid in stopped.rows.compactMap({ $0[0].flatMap { pid_t($0) } }) { kill(pid, SIGCONT) }
        }
    }

    @Test("D2 a server that is killed during a statement is missing at once")
    func killed() async throws {
        try await withPrivatePostgres { server in
            async let answer = unavailability(server.parameters(), query: "SELECT pg_sleep(60)")
            try await eventually("the statement runs") { await reading(server.parameters()) == .value(1) }
            kill(server.pid, SIGQUIT)
            #expect(try #require(await answer).isEmpty == false)
        }
    }

    // MARK: A pooler in between

    @Test("behind PgBouncer's transaction pool nothing of ours stays with the connection")
    func pooler() async throws {
        try await withPrivatePostgres { server in
            try await withPrivatePgBouncer(before: server) { parameters in
                #expect(await reading(parameters) == .value(0))
                #expect(await reading(parameters, query: "SELECT 7") == .value(7))
                #expect(await isTimedOut(parameters, query: "SELECT pg_sleep(60)"))
                var application = try PostgresConnection.connect(
                    parameters: parameters, before: Deadline(after: .seconds(5)))
                let rows = try application.query(
                    """
                    SELECT current_setting('statement_timeout'), current_setting('transaction_read_only'),
                           current_setting('default_transaction_read_only')
                    """, before: Deadline(after: .seconds(5)))
                #expect(rows.rows == [["0", "off", "off"]])
            }
        }
    }

    // MARK: -

    private func reading(_ parameters: PostgresParameters, query: String? = nil) async -> Reading? {
        let load = DatabaseLoad(parameters: parameters, query: query)
        return await load.measure(after: nil, before: Deadline(after: .seconds(30))).readings[.connections]
    }

    /// Ended by the server's clock, or by ours a little later.
    private func isTimedOut(_ parameters: PostgresParameters, query: String) async -> Bool {
        let answer = await reading(parameters, query: query)
        return answer == .missing(.timedOut(seconds: 2)) || answer == .missing(.timedOut(seconds: 2.5))
    }

    /// The words of a reading that is missing because the database could not be asked.
    private func unavailability(_ parameters: PostgresParameters, query: String? = nil) async -> String? {
        if case .missing(.unavailable(let words))? = await reading(parameters, query: query) { words } else { nil }
    }
}

extension PrivatePostgres {
    /// Starts sessions that stay active until the server ends. While it is full, by a reading perhaps, they try again.
    fileprivate func keepBusy(sessions: Int, user: String = "postgres") throws {
        for _ in 0..<sessions {
            try DetachedThread.run {
                let deadline = Deadline(after: .seconds(30))
                while !deadline.isOver {
                    do throws(PostgresFailure) {
                        var connection = try connect(user: user)
                        _ = try connection.query("SELECT pg_sleep(600)", before: Deadline(after: .seconds(600)))
                    } catch .full {
                        continue
                    } catch {
                        return
                    }
                }
            }
        }
    }
}

/// A session that does nothing for as long as it is held.
private final class PostgresHold: Sendable {
    private let connection: Mutex<PostgresConnection>

    init(_ parameters: PostgresParameters) throws {
        connection = Mutex(try PostgresConnection.connect(parameters: parameters, before: Deadline(after: .seconds(5))))
    }
}
