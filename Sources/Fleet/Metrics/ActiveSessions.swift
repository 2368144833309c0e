import Connections
import Decisions

/// What `pg_stat_activity` says of the clients that are at work, other than ourselves.
struct ActiveSessions {
    /// Sessions of others show as `<insufficient privilege>` and without their state to a role that may not see them, and
    /// are then missing from any count of active ones, without an error. Where the server does not track
    /// activities the state is `disabled`.
    static let query = """
        SELECT count(*) FILTER (WHERE state = 'active' AND backend_type = 'client backend' AND pid <> pg_backend_pid()),
               count(*) FILTER (WHERE query = '<insufficient privilege>' AND usename IS NOT NULL AND datname IS NOT NULL),
               count(*) FILTER (WHERE state = 'disabled' AND backend_type = 'client backend' AND pid <> pg_backend_pid()),
               current_user
        FROM pg_catalog.pg_stat_activity
        """

    let reading: Reading

    init(_ rows: PostgresRows) {
        let row = rows.rows.first ?? []
        let counts = row.prefix(3).compactMap { $0.flatMap { Int($0) } }
        guard row.count == 4, counts.count == 3, let role = row[3] else {
            reading = .missing(.notANumber("\(rows.columns) columns in \(rows.count) rows of pg_stat_activity"))
            return
        }
        reading =
            if counts[1] > 0 {
                .missing(.hiddenSessions(count: counts[1], role: role.oneLine))
            } else if counts[2] > 0 {
                .missing(.unavailable("sessions whose state is not tracked (track_activities is off): \(counts[2])"))
            } else {
                .value(Quantity(counts[0]))
            }
    }
}
