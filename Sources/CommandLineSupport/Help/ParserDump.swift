import ArgumentParser
import Host

/// What the parser knows of a command's options, as it dumps it for tools.
struct ParserDump: Decodable {
    struct Command: Decodable {
        let arguments: [Argument]?
    }

    struct Argument: Decodable {
        enum Kind: String, Decodable {
            case positional
            case option
            case flag
        }

        struct Name: Decodable {
            let kind: String
            let name: String

            var spelling: String { (kind == "long" ? "--" : "-") + name }
        }

        let kind: Kind
        let shouldDisplay: Bool
        let isOptional: Bool
        let isRepeating: Bool
        let preferredName: Name?
        let valueName: String?
        let abstract: String?

        /// `--into <database>`, `<name>`.
        var label: String {
            let value = valueName.map { "<\($0)>" } ?? ""
            return switch kind {
            case .positional: value
            case .option: "\(preferredName?.spelling ?? "") \(value)"
            case .flag: preferredName?.spelling ?? ""
            }
        }

        /// As the usage shows it: in brackets where it may be left out.
        var synopsis: String {
            let repeated = isRepeating ? "\(label) ..." : label
            return isOptional || isRepeating ? "[\(repeated)]" : repeated
        }

        /// The option that every command has; it stands last.
        var isConfiguration: Bool { preferredName?.name == "config" }
    }

    let command: Command

    /// Without those of every parser, help and version. Hidden ones are not for people.
    static func arguments(of command: any ParsableCommand.Type) -> [Argument] {
        let dump = try? OutsideJSON.decode(ParserDump.self, from: Array(command._dumpHelp().utf8))
        return (dump?.command.arguments ?? []).filter { argument in
            argument.shouldDisplay && !["help", "version"].contains(argument.preferredName?.name)
        }
    }
}
