package import Connections
import Foundation
import Host
import SystemPackage

/// Runs the body with a PgBouncer in front of a server, in transaction mode with one connection to it, and ends it
/// afterwards, also when the body throws.
/// - Parameter settings: further lines of its section.
package func withPrivatePgBouncer<Result>(
    before server: PrivatePostgres, settings further: [String] = [],
    isolation: isolated (any Actor)? = #isolation,
    _ body: (PostgresParameters) async throws -> Result
) async throws -> Result {
    try await withTemporaryFolder { folder in
        let port = try freePort()
        let settings = """
            [databases]
            * = host=127.0.0.1 port=\(server.port) user=postgres
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = \(port)
            unix_socket_dir =
            auth_type = any
            pool_mode = transaction
            default_pool_size = 1
            \(further.joined(separator: "\n"))
            """
        let file = folder.appending("pgbouncer.ini").string
        try Data(settings.utf8).write(to: URL(filePath: file))
        let arguments = [file]
        if getuid() == 0 {  // it refuses to run as root
            guard let user = getpwnam("postgres") else { throw Errno.noSuchFileOrDirectory }
            chown(folder.string, user.pointee.pw_uid, user.pointee.pw_gid)
            chown(file, user.pointee.pw_uid, user.pointee.pw_gid)
        }
        let process =
            getuid() == 0
            ? try RunningProcess(
                "/usr/bin/setpriv",
                arguments: ["--reuid=postgres", "--regid=postgres", "--clear-groups", "/usr/sbin/pgbouncer"] + arguments
            )
            : try RunningProcess("/usr/sbin/pgbouncer", arguments: arguments)
        defer { process.end() }
        let parameters: PostgresParameters = [
            "host": "127.0.0.1", "port": "\(port)", "dbname": "postgres", "user": "postgres",
        ]
        try await eventually("PgBouncer answers") {
            guard process.isRunning else { throw PostgresDidNotStart(words: process.stderr) }
            return (try? PostgresConnection.connect(parameters: parameters, before: Deadline(after: .seconds(5))))
                != nil
        }
        return try await body(parameters)
    }
}
