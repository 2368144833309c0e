import Glibc
import Synchronization

/// A thread of its own for a C call that blocks and can't be interrupted, such as a name look-up (getaddrinfo(3)).
///
/// Neither Swift's pool nor Dispatch's is used: both are as small as the machine and would be blocked for everybody.
package enum DetachedThread {
    /// Wraps pthread_create(3) and pthread_detach(3).
    ///
    /// Nobody waits for the body: whoever wants its result hands it something to put it into.
    /// - Throws: `ThreadsExhausted` when the system gives no further thread.
    package static func run(_ body: @escaping @Sendable () -> Void) throws(ThreadsExhausted) {
        let argument = Unmanaged.passRetained(Body(body))
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            }, argument.toOpaque())
        guard status == 0 else {
            argument.release()
            throw ThreadsExhausted()
        }
        pthread_detach(thread)
    }

    /// What the body returns, with the caller suspended and not blocked meanwhile.
    package static func value<Value: Sendable>(
        of body: @escaping @Sendable () -> Value
    ) async throws(ThreadsExhausted) -> Value {
        let result: Result<Value, ThreadsExhausted> = await withCheckedContinuation { continuation in
            do throws(ThreadsExhausted) {
                try run { continuation.resume(returning: .success(body())) }
            } catch {
                continuation.resume(returning: .failure(error))
            }
        }
        return try result.get()
    }

    /// The same, waited for no longer than that: the thread is left behind where it does not come back.
    /// - Returns: `nil` after that time.
    package static func value<Value: Sendable>(
        within timeout: Duration, of body: @escaping @Sendable () -> Value
    ) async throws(ThreadsExhausted) -> Value? {
        let result: Result<Value?, ThreadsExhausted> = await withCheckedContinuation { continuation in
            let answer = Answer(continuation)
            let clock = Task {
                try? await Task.sleep(for: timeout)
                answer.give(.success(nil))
            }
            do throws(ThreadsExhausted) {
                try run {
                    answer.give(.success(body()))
                    clock.cancel()
                }
            } catch {
                answer.give(.failure(error))
                clock.cancel()
            }
        }
        return try result.get()
    }

    /// The first one counts.
    private final class Answer<Value: Sendable>: Sendable {
        typealias Waiting = CheckedContinuation<Result<Value?, ThreadsExhausted>, Never>
        private let waiting: Mutex<Waiting?>

        init(_ continuation: Waiting) { waiting = Mutex(continuation) }

        func give(_ result: Result<Value?, ThreadsExhausted>) {
            let continuation = waiting.withLock { waiting in
                defer { waiting = nil }
                return waiting
            }
            continuation?.resume(returning: result)
        }
    }

    package struct ThreadsExhausted: Error, CustomStringConvertible {
        package let description = "the system gives no further thread"
    }

    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }
}
