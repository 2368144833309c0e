package struct DidNotHappen: Error, CustomStringConvertible {
    let what: String
    let waited: Duration
    package var description: String { "did not happen within \(waited): \(what)" }
}

/// Polls until the condition holds; throws after the deadline. The only way a test waits.
package func eventually(
    _ what: String, within limit: Duration = .seconds(15), isolation: isolated (any Actor)? = #isolation,
    _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now.advanced(by: limit)
    while try await !condition() {
        guard ContinuousClock.now < end else { throw DidNotHappen(what: what, waited: limit) }
        try await Task.sleep(for: .milliseconds(20))
    }
}
