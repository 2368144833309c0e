package import ArgumentParser
import Host
import Reporting
import Settings

/// A word in the place of a command that is none: the parser would call it unexpected and leave it at that.
package enum CommandSpelling {
    /// Ends the program with exit status 64 and the commands that there are.
    package static func check(_ arguments: [String], of command: any ParsableCommand.Type) {
        guard let sentence = problem(arguments, of: command) else { return }
        StandardError.print("Error: \(sentence)")
        command.exit(withError: ExitCode(ExitStatus.wrongUse.rawValue))
    }

    /// `nil` where the words are commands, or an option comes first.
    package static func problem(_ arguments: [String], of command: any ParsableCommand.Type) -> String? {
        var command = command
        var path = [command._commandName]
        for word in arguments {
            let commands = command.configuration.subcommands
            guard !commands.isEmpty, !word.hasPrefix("-") else { return nil }
            if path.count == 1, word == "help" { return nil }
            guard let next = commands.first(where: { $0._commandName == word }) else {
                let names = commands.map { $0._commandName }
                let full = path.joined(separator: " ")
                let hint = Spelling.nearest(to: word, among: names).map { ", did you mean \($0)?" } ?? ""
                return "there is no command '\(word.escapingControls())'\(hint)\n"
                    + "Commands: \(names.joined(separator: ", ")); see '\(full) --help'"
            }
            command = next
            path.append(word)
        }
        return nil
    }
}
