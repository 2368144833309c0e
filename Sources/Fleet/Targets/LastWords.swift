import Connections
package import Decisions
package import Host
import SystemPackage

/// What is known of a backend that came to nothing: how it ended, and what it said last.
package struct LastWords: Equatable, Sendable, Catalogue {
    /// `nil` where it still runs, or nobody knows.
    package let exitStatus: Int?
    /// The kernel ended it, because its memory limit was reached.
    package let isOutOfMemory: Bool
    /// One line, escaped, without what must not be told; empty where it said nothing.
    package let said: String

    /// How many of its lines are kept …
    static let lines = 8
    /// … and how many characters of them.
    private static let longest = 500

    /// - Parameters:
    ///   - output: the end of its log, as it came.
    ///   - environment: of the backend: an application that fails likes to say what it was started with, and this line goes
    ///     to logs, history and receivers of alerts.
    init(exitStatus: Int?, isOutOfMemory: Bool = false, output: String, environment: [String: String]) {
        self.exitStatus = exitStatus
        self.isOutOfMemory = isOutOfMemory
        let lines = output.split { $0 == "\n" || $0 == "\r\n" }.suffix(Self.lines)
        let text = Self.clean(lines.joined(separator: " | "), environment)
        said = text.count > Self.longest ? "…" + text.suffix(Self.longest) : text
    }

    /// Escaped, and without what must not be told.
    static func clean(_ text: String, _ environment: [String: String]) -> String {
        var text = text
        for value in Self.secrets(environment) { text = text.replacing(value, with: "…") }
        return withoutPasswords(text).escapingControls()
    }

    /// Values that could be one, the longest first: one may hold another. Short ones are words and numbers of every day.
    private static func secrets(_ environment: [String: String]) -> [String] {
        environment.filter { key, value in
            let name = key.uppercased()
            let isNamedSo = ["PASS", "SECRET", "TOKEN", "KEY", "CREDENTIAL", "DSN"].contains(where: name.contains)
            return value.count >= (isNamedSo ? 3 : 8) && Int(value) == nil
        }.values.sorted { ($0.count, $0) > ($1.count, $1) }
    }

    /// Without the password of an address, and without what is called one.
    private static func withoutPasswords(_ text: String) -> String {
        text.replacing(#/:\/\/([^\s\/:@]*):[^\s\/@]+@/#) { "://\($0.output.1):…@" }
            .replacing(#/(?i)((?:password|passwd|secret|token|api_?key)["']?\s*[=:]\s*["']?)[^\s"'|,;]+/#) {
                "\($0.output.1)…"
            }
    }

}

extension DockerTarget: OutputKeepingTarget {
    package func lastWords(of backend: Backend, before deadline: Deadline) async -> LastWords? {
        guard let id = ContainerID(backend.id) else { return nil }
        let end = try? engine.ending(of: id, before: deadline.within(.seconds(2)))
        let output = (try? engine.output(of: id, lines: LastWords.lines, before: deadline.within(.seconds(2)))) ?? ""
        return LastWords(
            exitStatus: end?.exitStatus, isOutOfMemory: end?.isOutOfMemory ?? false, output: output,
            environment: settings.environment)
    }
}

extension ProcessTarget: OutputKeepingTarget {
    package func lastWords(of backend: Backend, before deadline: Deadline) async -> LastWords? {
        let path = settings.logFolder.appending(backend.name + ".log")
        guard let bytes = ProcessLog.end(of: path, bytes: 8192) else { return nil }
        return LastWords(
            exitStatus: nil, output: String(decoding: bytes, as: UTF8.self), environment: settings.environment)
    }
}
