import Glibc
import Host
package import Logging

/// Writes `[2024-01-15 14:30:00] message`, local time, one line a message whatever it contains.
package struct LineLogHandler: LogHandler {
    package enum Stream: Sendable {
        case standardOutput
        case standardError
    }

    package var metadata: Logger.Metadata = [:]
    package var logLevel: Logger.Level = .info
    private let stream: Stream

    package init(_ stream: Stream) { self.stream = stream }

    /// The logger of a command.
    package static func logger(_ stream: Stream) -> Logger {
        Logger(label: "autoscale") { _ in LineLogHandler(stream) }
    }

    package func log(event: LogEvent) {
        let line = "[\(WallClock.local(time(nil)))] \(event.message.description.escapingControls())"
        switch stream {
        case .standardOutput: StandardOutput.print(line)
        case .standardError: StandardError.print(line)
        }
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }
}
