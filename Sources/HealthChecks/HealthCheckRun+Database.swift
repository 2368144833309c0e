import Connections
import Decisions
import Host
import Settings

extension HealthCheckRun {
    /// One connection tells both: that it can be had, that it answers, how many there are, and how far replicas are behind.
    func databaseChecks() async -> [Found] {
        await look([.database, .replicas]) {
            let parameters: PostgresParameters
            do throws(FileFailure) {
                parameters = try configuration.postgresParameters()
            } catch {
                return [.database: .unknown(.file(error)), .replicas: .unknown(.file(error))]
            }
            return await onThread([.database, .replicas]) { ask(parameters) }
        }
    }

    private func ask(_ parameters: PostgresParameters) -> [CheckName: CheckOutcome] {
        let deadline = Deadline(after: settings.timeout)
        let start = ContinuousClock.now
        do throws(PostgresFailure) {
            var connection = try PostgresConnection.connect(parameters: parameters, before: deadline)
            let transaction = ReadOnlyTransaction(timeout: deadline.remaining)
            try transaction.begin(&connection, before: deadline)
            let counts = try connection.query(Self.connectionsQuery, keeping: 1, before: deadline)
            let seconds = start.duration(to: .now) / .seconds(1)
            let lags = try connection.query(Self.replicasQuery, keeping: 100, before: deadline)
            transaction.end(&connection, before: deadline)
            return [.database: connections(counts, seconds), .replicas: .found(.replicas(Self.lags(lags)))]
        } catch .full(let message) {
            return [
                .database: .found(.databaseFull(says: message)),
                .replicas: .unknown(.database(.full(message: message))),
            ]
        } catch .roleFull(let message) {
            return [.database: .unknown(.roleFull(says: message)), .replicas: .unknown(.roleFull(says: message))]
        } catch {
            return [.database: .failed(.database(error)), .replicas: .unknown(.database(error))]
        }
    }

    /// `pg_stat_database` counts everybody's connections for every role; `pg_stat_activity` hides what each of them is.
    private static let connectionsQuery = """
        SELECT (SELECT coalesce(sum(numbackends), 0) FROM pg_catalog.pg_stat_database),
            pg_catalog.current_setting('max_connections'),
            pg_catalog.current_setting('superuser_reserved_connections')::int
                + coalesce(nullif(pg_catalog.current_setting('reserved_connections', true), '')::int, 0)
        """

    private func connections(_ rows: PostgresRows, _ seconds: Double) -> CheckOutcome {
        let counts = (rows.rows.first ?? []).compactMap { $0.flatMap { Int($0) } }
        guard counts.count == 3, counts[1] > 0 else {
            return .unknown(.unexpectedRows(columns: rows.columns, rows: rows.count))
        }
        return .found(
            .database(ConnectionsFound(used: counts[0], limit: counts[1], reserved: counts[2], seconds: seconds)))
    }

    /// On a primary, each replica that streams from it: nothing where all of it was replayed, else what the replica said
    /// last (`replay_lag`), or for how long it has said nothing (since `reply_time`, or since it came, where it never said
    /// anything), whichever is more: a replica that hangs reports no lag. Without the right to see them all of this is
    /// NULL. On a replica, itself: behind only while there is something to replay.
    private static let replicasQuery = """
        SELECT coalesce(nullif(application_name, ''), 'replica') || '_' || pid, CASE
            WHEN state IS NULL THEN NULL
            WHEN pg_catalog.pg_wal_lsn_diff(here, replay_lsn) <= 0 THEN 0
            ELSE greatest(extract(epoch FROM replay_lag),
                extract(epoch FROM pg_catalog.now() - coalesce(reply_time, backend_start)), 0) END
        FROM pg_catalog.pg_stat_replication, (SELECT CASE
            WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_receive_lsn()
            ELSE pg_catalog.pg_current_wal_lsn() END) AS present(here)
        WHERE state IS NULL OR state <> 'backup'
        UNION ALL
        SELECT 'this_server', CASE
            WHEN pg_catalog.pg_last_wal_receive_lsn() = pg_catalog.pg_last_wal_replay_lsn() THEN 0
            ELSE coalesce(extract(epoch FROM pg_catalog.now() - pg_catalog.pg_last_xact_replay_timestamp()), 0) END
        WHERE pg_catalog.pg_is_in_recovery()
        """

    private static func lags(_ rows: PostgresRows) -> [String: Double?] {
        Dictionary(
            rows.rows.compactMap { row in
                guard row.count == 2, let name = row[0] else { return nil }
                return (name.oneLine, row[1].flatMap { Double($0) })
            }, uniquingKeysWith: { first, _ in first })
    }
}
