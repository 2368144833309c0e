import ArgumentParser
package import Decisions
import Host

/// The page of `--help`: how to write it, what it does, an example, the options, and the exit codes of this command.
///
/// What options there are comes from the parser, so that none is missing; the order and the headings are ours.
package struct HelpPage {
    private let command: any ParsableCommand.Type
    private let path: [String]
    private let help: CommandHelp
    private let language: Language

    /// Where a terminal of 80 columns ends.
    package static let width = 80

    /// - Parameter path: the words that lead to the command, the program's name first.
    package init(of command: any DocumentedCommand.Type, path: [String], in language: Language) {
        self.command = command
        self.path = path
        self.language = language
        help = command.help
    }

    package var text: String {
        var blocks = [usage, help.summary.sentence(in: language).wrapped(to: Self.width)]
        blocks += help.details.map { $0.sentence(in: language).wrapped(to: Self.width) }
        blocks.append(words(.example) + "\n  " + help.example)
        let commands = command.configuration.subcommands.compactMap { command -> Row? in
            guard let documented = command as? any DocumentedCommand.Type else { return nil }
            return Row(label: command._commandName, text: documented.help.summary.sentence(in: language))
        }
        if !commands.isEmpty {
            let hint = HelpText.commandHint(path.joined(separator: " ")).sentence(in: language)
            blocks.append(words(.commands) + "\n" + Row.lines(commands) + "\n\n" + "  " + hint)
        }
        blocks.append(words(.options) + "\n" + Row.lines(options))
        let exits = help.exits.map { Row(label: "\($0.code)", text: $0.sentence(in: language)) }
        blocks.append(words(.exitCodes) + "\n" + Row.lines(exits))
        return blocks.joined(separator: "\n\n")
    }

    /// `Usage: backup restore <name> --into <database> [--dry-run] …`
    package var usage: String {
        var parts = arguments.map(\.synopsis)
        if !command.configuration.subcommands.isEmpty {
            let word = "<\(words(.command))>"
            parts.insert(command.configuration.defaultSubcommand == nil ? word : "[\(word)]", at: 0)
        }
        let indent = words(.usage) + " "
        return (indent + path.joined(separator: " ")).appending(
            parts, indent: path.joined(separator: " ").count + indent.count + 1)
    }

    private func words(_ text: HelpText) -> String { text.sentence(in: language) }

    private var arguments: [ParserDump.Argument] {
        let all = ParserDump.arguments(of: command)
        return all.filter { !$0.isConfiguration } + all.filter(\.isConfiguration)
    }

    private var options: [Row] {
        arguments.map { Row(label: $0.label, text: $0.abstract ?? "") }
            + [
                Row(label: "--version", text: words(.version)), Row(label: "-h, --help", text: words(.help)),
            ]
    }

    private struct Row {
        let label: String
        let text: String

        static func lines(_ rows: [Row]) -> String {
            let width = rows.map(\.label.count).max() ?? 0
            return rows.map { row in
                "  \(row.label)\(String(repeating: " ", count: width - row.label.count))  \(row.text)"
            }.joined(separator: "\n")
        }
    }
}

extension String {
    /// At white space; a word that is longer stands alone.
    fileprivate func wrapped(to width: Int) -> String {
        split(separator: " ").reduce(into: [String]()) { lines, word in
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(String(word))
            }
        }.joined(separator: "\n")
    }

    /// Parts that are never broken, in lines that begin where the first one does.
    fileprivate func appending(_ parts: [String], indent: Int) -> String {
        parts.reduce(into: [self]) { lines, part in
            if let last = lines.last, last.count + 1 + part.count <= HelpPage.width {
                lines[lines.count - 1] = "\(last) \(part)"
            } else {
                lines.append(String(repeating: " ", count: indent) + part)
            }
        }.joined(separator: "\n")
    }
}
