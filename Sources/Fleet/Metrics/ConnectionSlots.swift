import Connections
import Decisions

/// How many of the connections that an application may have are in use, whoever asks.
///
/// A superuser, and one who comes through a pooler with an open connection, gets in where the application does not any more:
/// being let in proves nothing. Our own session is not counted, it ends with this reading.
struct ConnectionSlots: Equatable, Sendable, Catalogue {
    /// What is used up, with the figures; `nil` where one more connection can be had.
    enum Bound: Equatable, Sendable {
        /// `max_connections` less `superuser_reserved_connections` and, since PostgreSQL 16, `reserved_connections`.
        case server
        case database(String)
        /// The role with the most sessions in this database, if it is not ours: the application's.
        case role(String)
    }

    let bound: Bound
    let used: Int
    let usable: Int

    /// Sessions that the role may not see count by what everybody sees of them. Background processes, replicas and
    /// maintenance have slots of their own. A limit of 1 is that of a tool that comes and goes, and superusers have none.
    static let query = """
        WITH clients AS (
            SELECT datid, usesysid FROM pg_catalog.pg_stat_activity
            WHERE pid <> pg_catalog.pg_backend_pid() AND (backend_type = 'client backend'
                OR query = '<insufficient privilege>' AND usesysid IS NOT NULL AND datid IS NOT NULL))
        SELECT (SELECT count(*) FROM clients),
            pg_catalog.current_setting('max_connections')::int
                - pg_catalog.current_setting('superuser_reserved_connections')::int
                - coalesce(nullif(pg_catalog.current_setting('reserved_connections', true), '')::int, 0),
            d.datname, (SELECT count(*) FROM clients WHERE datid = d.oid), d.datconnlimit,
            r.rolname, r.used, CASE WHEN r.rolsuper OR r.rolconnlimit < 2 THEN -1 ELSE r.rolconnlimit END
        FROM pg_catalog.pg_database AS d LEFT JOIN LATERAL (
            SELECT o.rolname, o.rolsuper, o.rolconnlimit, count(*) AS used
            FROM clients AS c JOIN pg_catalog.pg_roles AS o ON o.oid = c.usesysid
            WHERE c.datid = d.oid AND o.rolname <> session_user
            GROUP BY o.rolname, o.rolsuper, o.rolconnlimit ORDER BY used DESC, o.rolname LIMIT 1) AS r ON true
        WHERE d.datname = pg_catalog.current_database()
        """

    /// `nil` where one more connection can be had, and where the answer is not that of PostgreSQL.
    init?(_ rows: PostgresRows) {
        guard rows.count == 1, let row = rows.rows.first, row.count == 8 else { return nil }
        let numbers = row.map { $0.flatMap { Int($0) } }
        let bounds: [(Bound, used: Int?, usable: Int?)] = [
            (.server, numbers[0], numbers[1]), (.database((row[2] ?? "").oneLine), numbers[3], numbers[4]),
            (.role((row[5] ?? "").oneLine), numbers[6], numbers[7]),
        ]
        for (bound, used, usable) in bounds {
            guard let used, let usable, usable >= 0, used >= usable else { continue }
            self.init(bound: bound, used: used, usable: usable)
            return
        }
        return nil
    }

    private init(bound: Bound, used: Int, usable: Int) {
        self.bound = bound
        self.used = used
        self.usable = usable
    }

}
