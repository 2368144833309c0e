import Foundation

package struct DidNotHappen: Error, CustomStringConvertible {
    let what: String
    let waited: Duration
    package var description: String { "did not happen within \(waited): \(what)" }
}

/// Waits for the next day (UTC) where less than a minute is left of this one: a history file's name is the day's.
package func dayHasRoom(isolation: isolated (any Actor)? = #isolation) async throws {
    try await eventually("another day begins", within: .seconds(90)) {
        Int(Date().timeIntervalSince1970) % 86_400 < 86_340
    }
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
