import Connections

/// An open connection that a test holds, by the socket.
package final class HeldSession {
    private let connection: PostgresConnection

    package init(_ server: PrivatePostgres, user: String) throws {
        connection = try server.connect(user: user)
    }
}
