import Foundation

/// Waits for the next day (UTC) where less than a minute is left of this one: a history file's name is the day's.
package func dayHasRoom(isolation: isolated (any Actor)? = #isolation) async throws {
    try await eventually("another day begins", within: .seconds(90)) {
        Int(Date().timeIntervalSince1970) % 86_400 < 86_340
    }
}
