import Synchronization

/// The ports of what this run has started, reserved until it ends: a backend may be slow to listen, and may have closed what
/// it inherited.
final class HeldPorts: Sendable {
    /// By the id of the backend.
    private let held = Mutex<[String: ProcessTarget.Attempt]>([:])

    func keep(_ attempt: ProcessTarget.Attempt, for backend: String) {
        held.withLock { $0[backend] = attempt }
    }

    /// - Returns: the start that made it, where this run has.
    func release(_ backend: String) -> ProcessTarget.Attempt? {
        held.withLock { $0.removeValue(forKey: backend) }
    }
}
