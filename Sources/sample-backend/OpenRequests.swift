import Synchronization

/// How many requests are being answered, and whether there shall be no more.
final class OpenRequests: Sendable {
    private struct State {
        var count = 0
        var isDraining = false
    }

    private let state = Mutex(State())

    var count: Int { state.withLock(\.count) }
    var isDraining: Bool { state.withLock(\.isDraining) }

    func drain() { state.withLock { $0.isDraining = true } }

    func counting<Answer: Sendable>(_ body: () async -> Answer) async -> Answer {
        state.withLock { $0.count += 1 }
        defer { state.withLock { $0.count -= 1 } }
        return await body()
    }
}
