package import Decisions
import FoundationEssentials
import Settings

/// The language of help and of the parser's errors: that of everything else the program says, so `LANGUAGE` of the
/// environment or the configuration decides, and the locale does not.
package enum HelpLanguage {
    /// The parser keeps help texts in static values, so it is found once.
    package static let current = Configuration.language(
        named: namedFile(CommandLine.arguments), environment: ProcessInfo.processInfo.environment,
        executable: ConfigurationOptions.executable)

    /// The configuration that the command line names, whether or not the parser will take the rest.
    package static func namedFile(_ arguments: [String]) -> String? {
        for (index, argument) in arguments.enumerated() {
            if argument == "--config" { return arguments.dropFirst(index + 1).first }
            if argument.hasPrefix("--config=") { return String(argument.dropFirst("--config=".count)) }
        }
        return nil
    }
}
