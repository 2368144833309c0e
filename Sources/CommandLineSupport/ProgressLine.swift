package import Backups
package import Decisions
import Glibc

/// One line on a terminal that says how far something is, written over and over; nothing where standard error is none.
package struct ProgressLine: Sendable {
    private let language: Language
    private let isTerminal: Bool

    package init(_ language: Language) {
        self.language = language
        isTerminal = isatty(STDERR_FILENO) == 1
    }

    package var show: @Sendable (BackupProgress) -> Void {
        { [self] progress in
            guard isTerminal else { return }
            let rate = progress.seconds > 0.5 ? ", \(ByteCount(Int(Double(progress.bytes) / progress.seconds)))/s" : ""
            let size = progress.bytes > 0 ? " \(ByteCount(progress.bytes))\(rate)" : ""
            write("\r\u{1B}[K\(progress.phase.sentence(in: language))\(size), \(Int(progress.seconds)) s")
        }
    }

    /// Before anything else is printed.
    package func clear() {
        if isTerminal { write("\r\u{1B}[K") }
    }

    private func write(_ text: String) {
        var text = text
        text.withUTF8 { _ = Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
