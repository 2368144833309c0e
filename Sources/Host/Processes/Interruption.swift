import Glibc
import Synchronization

/// Whether somebody asked us to end. A run looks before every effect and in every wait; it never ends in the middle of one.
package struct Interruption: Sendable {
    /// What a signal handler may touch: one atomic number.
    private static let received = Atomic<Int32>(0)

    /// Takes SIGTERM and SIGINT from now on, and lets no closed pipe (`| head`) end a run between two effects. Children get the default dispositions back when they are executed.
    package static func watch() -> Interruption {
        for number in [SIGTERM, SIGINT] {
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { Interruption.received.store($0, ordering: .relaxed) }
            sigaction(number, &action, nil)
        }
        Glibc.signal(SIGPIPE, SIG_IGN)
        return Interruption()
    }

    /// The signal that came, if one did.
    package var signal: Int32? {
        let number = Self.received.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }
}
