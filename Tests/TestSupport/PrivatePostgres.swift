import Backups
package import Connections
package import Foundation
import Host
import Synchronization
package import SystemPackage

/// A PostgreSQL server of a test's own, on a free port of 127.0.0.1, or of a private network's far end, and on a socket in
/// its own folder.
package struct PrivatePostgres: Sendable {
    /// What clients that come by TCP must show. By the socket everybody is let in.
    package enum Authentication: String, Sendable {
        case trust
        case password = "scram-sha-256"
    }

    /// Where TCP reaches it.
    package let host: String
    package let port: UInt16
    /// The postmaster's.
    package let pid: pid_t
    private let socketFolder: FilePath

    /// To connect by TCP.
    package func parameters(
        user: String = "postgres", password: String? = nil, database: String = "postgres"
    ) -> PostgresParameters {
        var values = ["host": host, "port": "\(port)", "user": user, "dbname": database]
        values["password"] = password
        return PostgresParameters(values)
    }

    /// What libpq's programs need in their environment to connect by TCP.
    package func environment(user: String = "postgres", database: String = "postgres") -> [String: String] {
        ["PGHOST": host, "PGPORT": "\(port)", "PGUSER": user, "PGDATABASE": database]
    }

    /// A connection by the socket.
    /// - Parameter asReplica: takes replication commands, as `START_REPLICATION`, in the place of SQL.
    package func connect(
        user: String = "postgres", database: String = "postgres", asReplica: Bool = false
    ) throws(PostgresFailure) -> PostgresConnection {
        try PostgresConnection.connect(
            parameters: [
                "host": socketFolder.string, "port": "\(port)", "user": user, "dbname": database,
                "application_name": "test", "replication": "\(asReplica)",
            ], before: Deadline(after: .seconds(10)))
    }

    /// Runs SQL as the superuser, by the socket.
    @discardableResult
    package func run(_ sql: String, database: String = "postgres") throws(PostgresFailure) -> PostgresRows {
        var connection = try connect(database: database)
        return try connection.query(sql, before: Deadline(after: .seconds(30)))
    }

    /// A new folder of the server's own user, removed with the server.
    package func folder(named name: String) throws -> FilePath {
        let path = socketFolder.appending(name)
        try FileManager.default.createDirectory(atPath: path.string, withIntermediateDirectories: false)
        var info = stat()
        guard stat(socketFolder.string, &info) == 0, chown(path.string, info.st_uid, info.st_gid) == 0 else {
            throw Errno(rawValue: errno)
        }
        return path
    }

    /// SIGSTOP or SIGCONT to the postmaster and all of its children.
    package func signalAll(_ signal: Int32) throws {
        for process in try processesWorking(in: socketFolder) { try ProcessTable.send(signal, to: process.identity) }
    }

    fileprivate init(host: String, port: UInt16, pid: pid_t, socketFolder: FilePath) {
        self.host = host
        self.port = port
        self.pid = pid
        self.socketFolder = socketFolder
    }
}

/// Runs the body with a new PostgreSQL server (superuser `postgres`) and removes all of it afterwards, also when the body
/// throws.
/// - Parameters:
///   - settings: as in postgresql.conf.
///   - network: where it runs, for what reaches it by TCP; the host's own where none is given.
///   - isCopy: of a cluster that other servers are copies of, too: all have one system identifier, as clones have.
package func withPrivatePostgres<Result>(
    settings: [String: String] = [:], authentication: PrivatePostgres.Authentication = .trust,
    in network: PrivateNetwork? = nil, isCopy: Bool = true, isolation: isolated (any Actor)? = #isolation,
    _ body: (PrivatePostgres) async throws -> Result
) async throws -> Result {
    try await withTemporaryFolder { folder in
        let programs = try PostgresPrograms(network: network)
        try await programs.makeCluster(in: folder, isCopy: isCopy, authentication: authentication)
        for attempt in 1... {
            let port = try freePort()
            let process = try programs.startServer(in: folder, port: port, settings: settings)
            defer { process.end(with: SIGQUIT) }  // an immediate shutdown
            let server = PrivatePostgres(
                host: programs.host, port: port, pid: process.pid, socketFolder: folder)
            do {
                try await eventually("PostgreSQL answers", within: .seconds(30)) {
                    guard process.isRunning else { throw PostgresDidNotStart(words: process.stderr) }
                    return (try? server.run("SELECT 1")) != nil
                }
            } catch let error as PostgresDidNotStart where attempt < 3 && error.words.contains("could not bind") {
                continue  // somebody took the port
            }
            return try await body(server)
        }
        fatalError("the loop above has no end")
    }
}

/// Runs the body with a replica that streams from the server, and removes it afterwards.
package func withReplica<Result>(
    of server: PrivatePostgres, isolation: isolated (any Actor)? = #isolation,
    _ body: (PrivatePostgres) async throws -> Result
) async throws -> Result {
    try await withTemporaryFolder { folder in
        let programs = try PostgresPrograms()
        let port = try freePort()
        try await programs.copyCluster(of: server, into: folder)
        let process = try programs.startServer(in: folder, port: port, settings: [:])
        defer { process.end(with: SIGQUIT) }
        let replica = PrivatePostgres(host: "127.0.0.1", port: port, pid: process.pid, socketFolder: folder)
        try await eventually("the replica streams", within: .seconds(30)) {
            guard process.isRunning else { throw PostgresDidNotStart(words: process.stderr) }
            return try server.run("SELECT 1 FROM pg_stat_replication WHERE state = 'streaming'").count == 1
        }
        return try await body(replica)
    }
}

package struct PostgresDidNotStart: Error, CustomStringConvertible {
    let words: String
    package var description: String { "PostgreSQL did not start: \(words)" }
}

/// The server's programs of the newest version installed.
///
/// They refuse to run as root, so root runs them as the user `postgres`.
private struct PostgresPrograms {
    private let folder: FilePath
    private let isRoot = getuid() == 0
    private let network: PrivateNetwork?

    var host: String { network?.address ?? "127.0.0.1" }

    init(network: PrivateNetwork? = nil) throws {
        self.network = network
        let versions = "/usr/lib/postgresql"
        let newest = try FileManager.default.contentsOfDirectory(atPath: versions).compactMap(Double.init).max()
        guard let newest else { throw PostgresDidNotStart(words: "no version below \(versions)") }
        folder = FilePath("\(versions)/\(newest.formatted(.number.grouping(.never)))/bin")
    }

    private func start(_ program: String, _ arguments: [String], in folder: FilePath) throws -> RunningProcess {
        let path = self.folder.appending(program)
        guard isRoot else { return try RunningProcess(path, arguments: arguments, workingDirectory: folder) }
        let words =
            (network?.entering ?? []) + ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
            + [path.string] + arguments
        return try RunningProcess("/usr/bin/env", arguments: words, workingDirectory: folder)
    }

    /// Copies the template: initdb(1) takes ten times as long.
    func makeCluster(
        in folder: FilePath, isCopy: Bool, authentication: PrivatePostgres.Authentication
    ) async throws {
        if isRoot { try giveToPostgres(folder) }
        let data = folder.appending("data")
        if isCopy {
            let copy = try RunningProcess("/bin/cp", arguments: ["-a", try await template.path.string, data.string])
            defer { copy.end() }
            try succeed(try await copy.output())
        } else {
            _ = try await makeTemplate(in: folder)
        }
        let rules = """
            local all,replication all trust
            host replication all 127.0.0.1/32 trust
            host all all \(network == nil ? "127.0.0.1/32" : "samenet") \(authentication.rawValue)

            """
        try Data(rules.utf8).write(to: URL(filePath: data.appending("pg_hba.conf").string))  // keeps the owner
    }

    fileprivate func makeTemplate(in folder: FilePath) async throws -> FilePath {
        if isRoot { try giveToPostgres(folder) }
        let data = folder.appending("data")
        let process = try start(
            "initdb",
            ["-D", data.string, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "-N"],
            in: folder)
        defer { process.end() }
        try succeed(try await process.output(within: .seconds(60)))
        return data
    }

    /// A replica's, with pg_basebackup(1).
    func copyCluster(of server: PrivatePostgres, into folder: FilePath) async throws {
        if isRoot { try giveToPostgres(folder) }
        let process = try start(
            "pg_basebackup",
            [
                "-D", folder.appending("data").string, "-h", "127.0.0.1", "-p", "\(server.port)", "-U", "postgres",
                "-R",
                "-c", "fast", "--no-sync",
            ], in: folder)
        defer { process.end() }
        try succeed(try await process.output(within: .seconds(60)))
    }

    private func succeed(_ output: ProcessOutput) throws {
        guard output.status == 0 else { throw PostgresDidNotStart(words: output.stderr) }
    }

    private func giveToPostgres(_ folder: FilePath) throws {
        guard let user = getpwnam("postgres") else { throw PostgresDidNotStart(words: "no user postgres") }
        guard chown(folder.string, user.pointee.pw_uid, user.pointee.pw_gid) == 0 else { throw Errno(rawValue: errno) }
    }

    func startServer(in folder: FilePath, port: UInt16, settings: [String: String]) throws -> RunningProcess {
        let own = [
            "port": "\(port)", "listen_addresses": host, "unix_socket_directories": folder.string,
            "fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "shared_buffers": "16MB",
            "logging_collector": "off", "log_destination": "stderr",
        ]
        let options = own.merging(settings) { $1 }.sorted { $0.key < $1.key }.flatMap {
            ["-c", "\($0.key)=\($0.value)"]
        }
        return try start("postgres", ["-D", folder.appending("data").string] + options, in: folder)
    }
}

private let template = ClusterTemplate()

/// A cluster as initdb(1) makes it, made once and removed when the tests end.
private actor ClusterTemplate {
    private var making: Task<FilePath, any Error>?

    var path: FilePath {
        get async throws {
            let task =
                making
                ?? Task {
                    var name = Array("/tmp/autoscale-cluster-XXXXXX".utf8CString)
                    guard let path = mkdtemp(&name) else { throw Errno(rawValue: errno) }
                    let folder = FilePath(String(cString: path))
                    removedAtExit.withLock { $0.append(folder.string) }
                    atexit {
                        for folder in removedAtExit.withLock(\.self) {
                            try? FileManager.default.removeItem(atPath: folder)
                        }
                    }
                    return try await PostgresPrograms().makeTemplate(in: folder)
                }
            making = task
            return try await task.value
        }
    }
}

/// An exit handler can't capture.
private let removedAtExit = Mutex<[String]>([])
