package import Connections
import Host
import Synchronization

/// Who holds a lock that a restore waits for.
package struct LockHolder: Equatable, Sendable {
    /// 0: a prepared transaction, which has no session.
    package let pid: Int
    package let user: String?
    package let application: String?
    /// `idle in transaction`, `active`; `nil` where this role may not see it.
    package let state: String?
    /// Since its transaction began.
    package let seconds: Int?
}

/// Looks, while `pg_restore` runs, whether it waits for somebody else's lock.
///
/// `pg_restore` has no option for that and sets `lock_timeout` to 0 itself; until it gets the lock it keeps everybody out
/// of the tables that it has locked already. So the wait is short.
package final class LockWatch: Sendable {
    /// What the sessions of `pg_restore` are called (`PGAPPNAME`).
    package let application: String
    private let parameters: PostgresParameters
    private let limit: Duration
    private let holder = Mutex<LockHolder?>(nil)

    /// How long a restore waits for one holder.
    package static let patience = Duration.seconds(10)
    private static let interval = Duration.seconds(1)

    /// - Parameter timeout: of the whole restore; the wait is half of it at most.
    package init(_ parameters: PostgresParameters, timeout: Duration) {
        self.parameters = parameters.with(database: "postgres")
        limit = min(Self.patience, timeout / 2)
        application = "autoscale restore " + Checksum.hex((0..<6).map { _ in UInt8.random(in: .min ... .max) })
    }

    package var seconds: Int { Int(limit / .seconds(1)) }

    /// Who was waited for too long.
    package var found: LockHolder? { holder.withLock(\.self) }

    /// Runs until it has found somebody or is cancelled.
    package func run() async {
        var current: LockHolder?
        var since = ContinuousClock.now
        while !Task.isCancelled {
            do {
                try await Task.sleep(for: Self.interval)
            } catch {
                return
            }
            let seen = try? await DetachedThread.value { [self] in look() }
            guard let blocking = seen ?? nil else {
                current = nil
                continue
            }
            if blocking.pid != current?.pid { since = .now }
            current = blocking
            if since.duration(to: .now) + Self.interval >= limit {
                holder.withLock { $0 = blocking }
                return
            }
        }
    }

    /// - Returns: `nil`: nobody, or it could not be seen.
    private func look() -> LockHolder? {
        let answer = try? rows()
        guard let row = answer?.rows.first, row.count == 5, let pid = row[0].flatMap({ Int($0) }) else { return nil }
        return LockHolder(
            pid: pid, user: row[1], application: row[2], state: row[3], seconds: row[4].flatMap { Int($0) })
    }

    private func rows() throws(PostgresFailure) -> PostgresRows {
        var session = try PostgresSession(parameters, before: Deadline(after: .seconds(5)))
        let rows = try session.query(
            """
            SELECT p.pid, b.usename, nullif(b.application_name, ''), b.state,
            floor(extract(epoch FROM clock_timestamp() - b.xact_start))::bigint
            FROM pg_stat_activity a CROSS JOIN LATERAL unnest(pg_blocking_pids(a.pid)) AS p(pid)
            LEFT JOIN pg_stat_activity b ON b.pid = p.pid
            WHERE a.application_name = \(SQLText.literal(application)) ORDER BY p.pid DESC LIMIT 1
            """)
        session.end()
        return rows
    }
}
