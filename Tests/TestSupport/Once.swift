import Synchronization

/// Whether something has happened, told across threads.
package final class Once: Sendable {
    private let state = Atomic(false)

    package init() {}

    package func happened() { state.store(true, ordering: .sequentiallyConsistent) }

    package var hasHappened: Bool { state.load(ordering: .sequentiallyConsistent) }
}
