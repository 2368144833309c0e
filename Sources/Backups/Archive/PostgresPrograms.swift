package import Connections
import Glibc
package import Host
package import SystemPackage

/// `pg_dump` and its companions, of one version.
package struct PostgresPrograms: Sendable {
    /// As it was found; its companions lie beside it.
    package let dumpPath: FilePath
    /// `15.14`
    package let version: String
    package let majorVersion: Int
    private let courtesy: [String]

    /// What a program has to answer its `--version` within.
    private static let patience = Duration.seconds(10)

    /// - Parameter name: of `pg_dump`, a path or a name to look for in PATH.
    package static func find(_ name: String) async throws(BackupFailure) -> PostgresPrograms {
        let path: FilePath
        do throws(ProgramPathError) {
            path = try ProgramPath.find(name)
        } catch {
            throw .program("\(error)")
        }
        let result: ChildProcessResult
        do throws(ChildProcessFailure) {
            result = try await ChildProcess.run(
                CommandWords(program: path.string, arguments: ["--version"]), timeout: patience)
        } catch {
            throw .program("\(path) --version: \(error)")
        }
        guard result.termination.isSuccess, let version = version(in: result.output) else {
            throw .program("\(path) --version: \(result.summary)")
        }
        return PostgresPrograms(
            dumpPath: path, version: version.text, majorVersion: version.major, courtesy: Self.courtesy())
    }

    /// `pg_dump (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)`, `… 17beta1`, `… 16devel`.
    static func version(in output: String) -> (text: String, major: Int)? {
        let words = output.split(whereSeparator: \.isWhitespace)
        guard let marker = words.firstIndex(of: "(PostgreSQL)"), marker + 1 < words.count else { return nil }
        let digits = words[marker + 1].prefix { $0.isASCII && $0.isNumber }
        guard let major = Int(digits), major > 0 else { return nil }
        return (String(words[marker + 1].prefix(32)), major)
    }

    package func dump(_ arguments: [String]) -> CommandWords { polite(dumpPath.string, arguments) }

    package func restore(_ arguments: [String]) throws(BackupFailure) -> CommandWords {
        polite(try companion("pg_restore"), arguments)
    }

    package func dumpAll(_ arguments: [String]) throws(BackupFailure) -> CommandWords {
        polite(try companion("pg_dumpall"), arguments)
    }

    /// Looked for here: nice(1) would say of a missing one that it failed, as if the dump were at fault.
    private func companion(_ name: String) throws(BackupFailure) -> String {
        do throws(ProgramPathError) {
            return try ProgramPath.find(dumpPath.removingLastComponent().appending(name).string).string
        } catch {
            throw .program("\(error)")
        }
    }

    /// nice(1) and ionice(1) replace themselves by the program: a backup waits for the application, not the other way
    /// round. Where they are missing it runs as it is.
    private func polite(_ path: String, _ arguments: [String]) -> CommandWords {
        let words = courtesy + [path] + arguments
        return CommandWords(program: words[0], arguments: Array(words.dropFirst()))
    }

    private static func courtesy() -> [String] {
        var words: [String] = []
        if let nice = try? ProgramPath.find("nice") { words += [nice.string, "-n", "10"] }
        if let ionice = try? ProgramPath.find("ionice") { words += [ionice.string, "-t", "-c", "2", "-n", "7"] }
        return words
    }
}

extension PostgresParameters {
    /// The same for programs of PostgreSQL, whose arguments everybody can read and whose environment only its user can.
    package var environment: [String: String] {
        let names = [
            "host": "PGHOST", "port": "PGPORT", "dbname": "PGDATABASE", "user": "PGUSER", "password": "PGPASSWORD",
            "sslmode": "PGSSLMODE",
        ]
        // No conversion at the start: PGCLIENTENCODING, or the role's setting, may be one that the database has none for.
        // The programs set the right one themselves.
        var environment = ["PGCONNECT_TIMEOUT": "10", "PGCLIENTENCODING": "SQL_ASCII"]
        for (keyword, value) in values {
            if let name = names[keyword] { environment[name] = value }
        }
        return environment
    }

    /// The same, with what `PostgresSession.neededOptions` says added to what the user has in PGOPTIONS.
    func environment(options: String?) -> [String: String] {
        guard let options else { return environment }
        let own = getenv("PGOPTIONS").map { String(cString: $0) + " " } ?? ""
        return environment.merging(["PGOPTIONS": own + options]) { $1 }
    }

    /// `dbname='…'`: a bare name with `=` in it would be taken for one. "Connection Strings" in PostgreSQL's manual.
    static func connectionString(_ database: String) -> String {
        var quoted = ""
        for scalar in database.unicodeScalars {
            if scalar == "'" || scalar == "\\" { quoted.unicodeScalars.append("\\") }
            quoted.unicodeScalars.append(scalar)
        }
        return "dbname='\(quoted)'"
    }

    /// The same server, another database.
    package func with(database: String) -> PostgresParameters {
        PostgresParameters(values.merging(["dbname": database]) { $1 })
    }
}
