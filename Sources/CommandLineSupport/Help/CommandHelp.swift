package import ArgumentParser
import Decisions

/// What `--help` says of a command beside its options, which the parser knows.
package struct CommandHelp: Sendable {
    package let summary: HelpText
    package let details: [HelpText]
    /// A whole command line.
    package let example: String
    package let exits: [ExitMeaning]

    package init(_ summary: HelpText, details: [HelpText] = [], example: String, exits: [ExitMeaning]) {
        self.summary = summary
        self.details = details
        self.example = example
        self.exits = exits
    }
}

/// A command that `HelpPage` can describe.
package protocol DocumentedCommand: ParsableCommand {
    static var help: CommandHelp { get }
}

extension CommandConfiguration {
    /// The parser's own, in the words of the page.
    package init(
        _ help: CommandHelp, commandName: String? = nil, subcommands: [any ParsableCommand.Type] = [],
        defaultSubcommand: (any ParsableCommand.Type)? = nil
    ) {
        self.init(
            commandName: commandName, abstract: help.summary.sentence(in: HelpLanguage.current), version: Version.text,
            subcommands: subcommands, defaultSubcommand: defaultSubcommand)
    }
}

extension ArgumentHelp {
    /// - Parameter value: what the brackets behind the option's name say.
    package init(_ text: HelpText, value: HelpText? = nil) {
        self.init(
            text.sentence(in: HelpLanguage.current), valueName: value?.sentence(in: HelpLanguage.current))
    }
}

extension ValidationError {
    package init(_ text: HelpText) { self.init(text.sentence(in: HelpLanguage.current)) }
}
