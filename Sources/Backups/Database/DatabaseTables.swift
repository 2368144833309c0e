package import Connections
import Host

/// The tables of one database.
package struct DatabaseTables: Sendable {
    let parameters: PostgresParameters
    let timeout: Duration
    /// PostgreSQL's name of the encoding that expected names have; the archive's.
    var encoding = "UTF8"

    /// Tables, views and sequences that somebody made: not the server's own, and not an extension's.
    package func count() throws(PostgresFailure) -> Int {
        var session = try PostgresSession(parameters, before: Deadline(after: timeout))
        let count = try session.value(
            """
            SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND n.nspname <> 'information_schema'
            AND n.nspname NOT LIKE 'pg\\_%' AND NOT EXISTS (SELECT 1 FROM pg_depend d
            WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
            """)
        session.end()
        return count.flatMap { Int($0) } ?? 0
    }

    /// Where the rows are not those that are expected.
    /// - Parameter shouldStop: asked before each table; what is not counted then is no difference.
    package func differences(
        from expected: [DumpRows.Table], shouldStop: () -> Bool = { false }
    ) throws(PostgresFailure) -> [RowDifference] {
        var session = try PostgresSession(parameters, encoding: encoding, before: Deadline(after: timeout))
        let extensions = try Self.extensionTables(&session)
        var differences: [RowDifference] = []
        for table in expected {
            if shouldStop() { break }
            let name = "\(SQLText.identifier(table.schema)).\(SQLText.identifier(table.name))"
            let filter = extensions[RawText.bytes(table.schema) + [0] + RawText.bytes(table.name)]
            let found = try Self.rows(of: name, filter ?? "", &session)
            // An extension's own script fills its tables, too: PostGIS's 8,500 reference systems are not in a dump.
            let isEqual = filter == nil ? found == table.rows : (found ?? -1) >= table.rows
            if !isEqual { differences.append(.init(table: name, expected: table.rows, found: found)) }
        }
        session.end()
        return differences
    }

    /// As `pg_dump` reads the table: not the rows of tables that inherit from it, which are dumped on their own; of an
    /// extension's table only what its `pg_extension_config_dump` says.
    /// - Returns: `nil`: no such table, or this role may not read it.
    private static func rows(
        of name: String, _ filter: String, _ session: inout PostgresSession
    ) throws(PostgresFailure) -> Int? {
        let count = RawText.bytes("SELECT count(*) FROM ONLY \(name) \(filter)")
        do throws(PostgresFailure) {
            return try session.query(count).rows.first?.first.flatMap(\.self).flatMap { Int($0) }
        } catch .failed(sqlState: "42P01", _), .failed(sqlState: "3F000", _) {  // no such table, no such schema
            return nil
        } catch .failed(sqlState: "42501", _) {
            return try rowsPastPolicies(of: name, count, &session)
        }
    }

    /// Policies that are forced on the owner, too, are lifted for the length of a transaction that is taken back.
    private static func rowsPastPolicies(
        of name: String, _ count: [UInt8], _ session: inout PostgresSession
    ) throws(PostgresFailure) -> Int? {
        _ = try session.query("BEGIN; SET LOCAL lock_timeout = '5s'")
        var found: Int?
        do throws(PostgresFailure) {
            _ = try session.query(RawText.bytes("ALTER TABLE ONLY \(name) NO FORCE ROW LEVEL SECURITY"))
            found = try session.query(count).rows.first?.first.flatMap(\.self).flatMap { Int($0) }
        } catch .failed {
        }
        _ = try session.query("ROLLBACK")
        return found
    }

    /// Schema, a zero byte, and name → the filter of what is dumped of it. Names as the session's encoding has them.
    private static func extensionTables(_ session: inout PostgresSession) throws(PostgresFailure) -> [[UInt8]: String] {
        let answer = try session.query(
            """
            SELECT encode(convert_to(n.nspname, getdatabaseencoding()), 'hex'),
            encode(convert_to(c.relname, getdatabaseencoding()), 'hex'), t.condition
            FROM pg_extension x, unnest(x.extconfig, x.extcondition) AS t(oid, condition)
            JOIN pg_class c ON c.oid = t.oid JOIN pg_namespace n ON n.oid = c.relnamespace
            """)
        var filters: [[UInt8]: String] = [:]
        for row in answer.rows {
            guard row.count == 3, let schema = row[0], let name = row[1] else { continue }
            filters[bytes(schema) + [0] + bytes(name)] = row[2] ?? ""
        }
        return filters
    }

    private static func bytes(_ hex: String) -> [UInt8] {
        let digits = Array(hex.utf8)
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
            UInt8(String(decoding: digits[$0...($0 + 1)], as: UTF8.self), radix: 16)
        }
    }
}
