package import ArgumentParser
package import Decisions
import Host
import Settings

/// A word in the place of a command that is none: the parser would call it unexpected and leave it at that.
package enum CommandSpelling {
    /// `nil` where the words are commands, or an option comes first.
    package static func problem(
        _ arguments: [String], of command: any ParsableCommand.Type, in language: Language
    ) -> String? {
        var command = command
        var path = [command._commandName]
        for word in arguments {
            let commands = command.configuration.subcommands
            guard !commands.isEmpty, !word.hasPrefix("-") else { return nil }
            if path.count == 1, word == "help" { return nil }
            guard let next = commands.first(where: { $0._commandName == word }) else {
                let names = commands.map { $0._commandName }
                let texts = [
                    HelpText.noCommand(word.escapingControls(), nearest: Spelling.nearest(to: word, among: names)),
                    .commandList(names, path: path.joined(separator: " ")),
                ]
                return texts.map { $0.sentence(in: language) }.joined(separator: "\n")
            }
            command = next
            path.append(word)
        }
        return nil
    }
}
