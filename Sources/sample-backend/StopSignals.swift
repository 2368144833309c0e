import Dispatch
import Glibc
import Synchronization

/// SIGTERM and SIGINT, from now on a wish and no longer the end.
final class StopSignals: Sendable {
    private let stream: AsyncStream<Void>
    private let hasCome = Mutex(false)
    private let sources = Mutex<[any DispatchSourceSignal]>([])

    init() {
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        self.stream = stream
        sources.withLock { sources in
            sources = [SIGTERM, SIGINT].map { number in
                signal(number, SIG_IGN)  // the source sees it all the same
                let source = DispatchSource.makeSignalSource(signal: number)
                source.setEventHandler { [weak self] in
                    self?.hasCome.withLock { $0 = true }
                    continuation.finish()
                }
                source.activate()
                return source
            }
        }
    }

    /// Returns when the first one has come, or the task is cancelled. For one caller.
    func wait() async {
        for await _ in stream {}
    }

    /// Whether one came before that time was over.
    func came(within time: Duration) async throws -> Bool {
        let end = ContinuousClock.now.advanced(by: time)
        while !hasCome.withLock(\.self) {
            let left = ContinuousClock.now.duration(to: end)
            guard left > .zero else { return false }
            try await Task.sleep(for: min(left, .milliseconds(20)))
        }
        return true
    }
}
