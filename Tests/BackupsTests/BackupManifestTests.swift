import Backups
import Decisions
import Testing

/// What lies beside a dump, where others may have written.
struct BackupManifestTests {
    private func json(bytes: Int, globals: Int = 1, rows: [Int] = [1]) -> [UInt8] {
        let tables = rows.map { #"{"schema":"public","name":"a","rows":\#($0)}"# }.joined(separator: ",")
        let text = """
            {"version":1,"database":"app","time":"2024-01-15T14:30:05Z","durationMilliseconds":1,"isEncrypted":false,\
            "dump":{"name":"app_20240115_143005.dump","bytes":\(bytes),"sha256":"00"},\
            "globals":{"name":"app_20240115_143005.globals.sql","bytes":\(globals),"sha256":"00"},\
            "serverVersion":"15.1","dumpVersion":"15.1","tables":[\(tables)]}
            """
        return Array(text.utf8)
    }

    @Test func `its numbers are added`() throws {
        let manifest = try BackupManifest(json: json(bytes: .max - 1, rows: [.max - 5, 2, 3]))
        #expect(manifest.bytes == .max)
        #expect(manifest.rows == .max)
    }

    /// Once, listing such a backup ended the program, and so did every removal of old ones.
    @Test func `numbers that can't be, or can't be added, are no manifest`() throws {
        for damaged in [
            json(bytes: .max), json(bytes: -1), json(bytes: 1, globals: -1), json(bytes: 1, rows: [.max, 1]),
            json(bytes: 1, rows: [2, -1]), Array("{}".utf8), [],
        ] {
            #expect(throws: BackupManifest.Malformed()) { try BackupManifest(json: damaged) }
            let name = try #require(BackupName("app_20240115_143005"))
            #expect(
                StoredBackup.Standing(of: name, manifest: damaged) { _ in 1 }
                    == .unknown(.manifestUnreadable))
        }
    }

    @Test func `a name longer than a file's is none of ours`() {
        #expect(BackupName(String(repeating: "a", count: 239) + "_20240115_143005") != nil)
        #expect(BackupName(String(repeating: "a", count: 240) + "_20240115_143005") == nil)
    }
}
