import Host

extension SettingsFault {
    var englishFound: String {
        switch self {
        case .tooLarge(let bytes): "a file of \(bytes) bytes"
        case .otherEncoding(let name): "\(name) text"
        case .notUTF8(let byte):
            "not UTF-8 text (byte 0x\(Self.hex(UInt32(byte), digits: 2)))"
        case .nul: "a NUL byte"
        case .tooManyMarks: "a letter with too many combining marks"
        case .noEquals: "no '='"
        case .noKey: "no key before '='"
        case .spaceInKey: "white space inside the key"
        case .export: "'export' before the key"
        case .keyStartsWithDigit: "a key that starts with a digit"
        case .keyHolds(let scalar):
            "a key with \(Self.name(of: scalar)) in it"
        case .again: "given again"
        case .unclosedQuote(let quote):
            "a \(Character(Unicode.Scalar(quote))) that is not closed"
        case .severalLines(let last):
            "a value of several lines (to line \(last))"
        case .textAfterQuote: "text after the closing quote"
        case .escapedQuote:
            "a backslash before a quote inside quotes"
        case .carriageReturn: "a carriage return inside the line"
        case .controlCharacter(let scalar):
            "a control character (\(Self.name(of: scalar)))"
        case .tooLong(let bytes): "a variable of \(bytes) bytes"
        }
    }

    func englishAllowed(in dialect: SettingsFile.Dialect) -> String {
        let isOurs = dialect == .configuration
        return switch self {
        case .tooLarge:
            "at most \(SettingsFile.largest >> 20) MiB"
        case .otherEncoding(let name):
            "UTF-8; convert it: iconv -f \(name) -t UTF-8 FILE > NEW"
        case .notUTF8:
            "UTF-8; where the file is Latin-1: iconv -f ISO-8859-1 -t UTF-8 FILE > NEW"
        case .nul:
            "text without NUL bytes: no environment and no password can hold one"
        case .tooManyMarks: "at most \(StreamSafeText.mostMarks) on a letter"
        case .noEquals, .noKey:
            isOurs
                ? "KEY=VALUE"
                : "NAME=VALUE, or NAME= for an empty value (a bare NAME would be taken from cron's environment, which does not have it)"
        case .spaceInKey:
            isOurs
                ? "KEY=VALUE, the key in one word"
                : "NAME=VALUE, the name in one word"
        case .export:
            "KEY=VALUE alone: no shell runs this file"
        case .keyStartsWithDigit:
            "a key of letters, digits and '_' that starts with none of the digits"
        case .keyHolds:
            isOurs
                ? "a key of letters, digits and '_'"
                : "a name without quotes and invisible characters"
        case .again(let line):
            "once (line \(line) has it, too)"
        case .unclosedQuote, .textAfterQuote:
            "VALUE, 'VALUE' or \"VALUE\" on one line, then perhaps white space and # with a comment"
        case .severalLines:
            isOurs
                ? "a value on one line"
                : "a value on one line (docker run --env-file has no other, either); encode it, with base64 say, or mount it as a file"
        case .escapedQuote:
            "no escapes: a value with \" stands in single quotes or in none"
        case .carriageReturn: "lines that end with LF or CR LF"
        case .controlCharacter: "printable text and tabs"
        case .tooLong:
            "at most \(Self.longestVariable): Linux passes no longer one to a program"
        }
    }
}
