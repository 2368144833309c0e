package import Connections
import Glibc
import Host
import SystemPackage

/// What a database server's disk still has, where that can be seen from here.
package enum ServerRoom: Equatable, Sendable {
    case free(Int, path: String)
    /// It runs on another host, or in a container, or this role may not read where its files are.
    case unknown

    private static let patience = Duration.seconds(15)

    /// Asks the server where its files are, and looks whether that server is a process of this host; blocks its thread.
    ///
    /// A path alone proves nothing: the same one may be another server's here. So the server's own process for our
    /// connection must be one of ours, and be called as PostgreSQL calls it.
    package init(_ parameters: PostgresParameters) {
        self = (try? Self.find(parameters)) ?? .unknown
    }

    private static func find(_ parameters: PostgresParameters) throws(PostgresFailure) -> ServerRoom {
        var session = try PostgresSession(
            parameters.with(database: "postgres"), before: Deadline(after: patience))
        let answer = try session.query("SELECT pg_backend_pid(), current_setting('data_directory')")
        guard let row = answer.rows.first, row.count == 2, let pid = row[0].flatMap({ Int32($0) }), let path = row[1],
            let title = ProcessTable.commandLine(of: pid).first, title.hasPrefix("postgres:"),
            title.contains(" postgres "), let room = try? FileSystemRoom(at: FilePath(path))
        else { return .unknown }
        session.end()
        return .free(room.free, path: path)
    }
}
