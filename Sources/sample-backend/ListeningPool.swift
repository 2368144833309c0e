import FlyingSocks
import Glibc
import Synchronization

/// FlyingFox's socket pool, with a way to stop listening that loses no connection.
///
/// FlyingFox's own `stop` closes connections whose request is still on its way. This one takes every connection that waits
/// to be accepted, and then ends the listening, after which the server ends by itself when its last connection does.
/// It also lets small answers go at once: FlyingFox sends head and body apart, which costs a kept connection 40 ms each.
final class ListeningPool<Pool: AsyncSocketPool>: AsyncSocketPool {
    private let pool: Pool
    private let state = Mutex(State())

    private struct State {
        /// For a connection to accept.
        var wait: Task<Void, any Error>?
        var isClosing = false
    }

    init(_ pool: Pool) { self.pool = pool }

    func prepare() async throws { try await pool.prepare() }

    func run() async throws { try await pool.run() }

    func suspendSocket(_ socket: Socket, untilReadyFor events: Socket.Events) async throws {
        if socket.isListening {
            try await suspendListening(socket, untilReadyFor: events)
        } else {
            try await pool.suspendSocket(socket, untilReadyFor: events)
        }
    }

    /// Called when there is nothing left to accept.
    private func suspendListening(_ socket: Socket, untilReadyFor events: Socket.Events) async throws {
        let wait: Task<Void, any Error>? = state.withLock { state in
            guard !state.isClosing else { return nil }
            if state.wait == nil { socket.sendAtOnce() }
            let wait = Task { [pool] in try await pool.suspendSocket(socket, untilReadyFor: events) }
            state.wait = wait
            return wait
        }
        guard let wait else {
            socket.refuseConnections()
            throw SocketError.disconnected  // FlyingFox accepts no more and waits for its connections
        }
        do {
            try await withTaskCancellationHandler {
                try await wait.value
            } onCancel: {
                wait.cancel()
            }
        } catch is CancellationError where state.withLock(\.isClosing) {
            return  // to look once more for connections to accept, before it comes here for the last time
        }
    }

    /// New connections are refused as soon as those that wait are accepted.
    func stopListening() {
        state.withLock { state in
            state.isClosing = true
            state.wait?.cancel()
        }
    }
}

extension Socket {
    /// Wraps getsockopt(2) with `SO_ACCEPTCONN`.
    fileprivate var isListening: Bool {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(file.rawValue, SOL_SOCKET, SO_ACCEPTCONN, &value, &length) == 0 && value == 1
    }

    /// Wraps setsockopt(2) with `TCP_NODELAY`, which accepted connections inherit from the listening socket.
    fileprivate func sendAtOnce() {
        var value: Int32 = 1
        setsockopt(file.rawValue, Int32(IPPROTO_TCP), TCP_NODELAY, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Wraps shutdown(2), which makes Linux leave the listening state.
    fileprivate func refuseConnections() {
        shutdown(file.rawValue, Int32(SHUT_RDWR))
    }
}
