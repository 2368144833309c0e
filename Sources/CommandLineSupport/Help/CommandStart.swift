import ArgumentParser
import Decisions
import Host
import Reporting

/// What every executable does with its arguments: help in the words of `HelpPage`, wrong use with the usage behind it, else
/// the command.
package struct CommandStart {
    private let root: any DocumentedCommand.Type
    private let arguments: [String]
    /// Of wrong use; 64, or what a convention of the command says.
    private let wrongUse: Int32

    package init(
        _ root: any DocumentedCommand.Type, _ arguments: [String], wrongUse: Int32 = ExitStatus.wrongUse.rawValue
    ) {
        self.root = root
        self.arguments = arguments
        self.wrongUse = wrongUse
    }

    /// Ends the program where anything is wrong.
    package func run() async {
        if let page = helpPage() { return StandardOutput.print(page.text) }
        if let problem = CommandSpelling.problem(arguments, of: root, in: HelpLanguage.current) {
            StandardError.print("Error: \(problem)")
            root.exit(withError: ExitCode(wrongUse))
        }
        do {
            let command = try root.parseAsRoot(arguments)
            try await Self.run(command)
        } catch let error as ExitCode {
            root.exit(withError: error)
        } catch {
            // Versions, and completion scripts for shells.
            if root.exitCode(for: error) == .success { root.exit(withError: error) }
            let page = reached.page(in: HelpLanguage.current)
            let hint = HelpText.moreHelp(reached.path.joined(separator: " ")).sentence(in: HelpLanguage.current)
            let message = ParserWords(root.message(for: error)).sentence(in: HelpLanguage.current)
            StandardError.print("Error: \(message)\n\(page.usage)\n  \(hint)")
            root.exit(withError: ExitCode(wrongUse))
        }
    }

    private static func run(_ command: any ParsableCommand) async throws {
        if var command = command as? any AsyncParsableCommand {
            try await command.run()
        } else {
            var command = command
            try command.run()
        }
    }

    /// `nil` where help is not what was asked for. A command that only has commands explains itself.
    private func helpPage() -> HelpPage? {
        if arguments.first == "help" {
            return CommandReached(root, Array(arguments.dropFirst())).page(in: HelpLanguage.current)
        }
        let isAsked = arguments.prefix { $0 != "--" }.contains { $0 == "--help" || $0 == "-h" }
        let reached = reached
        let configuration = reached.command.configuration
        let isAlone =
            reached.rest.isEmpty && configuration.defaultSubcommand == nil && !configuration.subcommands.isEmpty
        return isAsked || isAlone ? reached.page(in: HelpLanguage.current) : nil
    }

    private var reached: CommandReached { CommandReached(root, arguments) }
}

/// How far the words of a command line lead.
private struct CommandReached {
    private(set) var command: any DocumentedCommand.Type
    private(set) var path: [String]
    private(set) var rest: [String]

    init(_ root: any DocumentedCommand.Type, _ arguments: [String]) {
        command = root
        path = [root._commandName]
        rest = arguments
        while let word = rest.first,
            let next = command.configuration.subcommands.first(where: { $0._commandName == word }),
            let documented = next as? any DocumentedCommand.Type
        {
            command = documented
            path.append(word)
            rest.removeFirst()
        }
    }

    func page(in language: Language) -> HelpPage { HelpPage(of: command, path: path, in: language) }
}
