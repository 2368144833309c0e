/// The images of a private Docker Engine: a small HTTP server on `$PORT`, or 3000, that SIGTERM ends.
///
/// With `START_DELAY` in its environment it waits that many seconds before it does anything.
package enum TestImage: String, CaseIterable {
    /// `/health` answers 200.
    case ready
    /// Listens; `/health` answers 404.
    case neverReady = "never-ready"
    /// Ends at once with exit status 3.
    case exits
    /// Like `ready`; `/health` answers 404 while the file `/sick` exists in the container.
    case fickle

    static let repository = "autoscale-test"

    package var name: String { "\(Self.repository):\(rawValue)" }
}
