/// What is wrong with a line of a settings file, or with all of it: a sentence and a next step for each, and none of them
/// quotes the line.
enum SettingsFault: Error, Equatable {
    case tooLarge(bytes: Int)
    /// UTF-16 or UTF-32, by its name.
    case otherEncoding(String)
    case notUTF8(byte: UInt8)
    case nul
    case tooManyMarks
    case noEquals
    case noKey
    case spaceInKey
    case export
    case keyStartsWithDigit
    case keyHolds(Unicode.Scalar)
    case again(line: Int)
    case unclosedQuote(UInt8)
    case severalLines(last: Int)
    case textAfterQuote
    case escapedQuote
    case carriageReturn
    case controlCharacter(Unicode.Scalar)
    case tooLong(bytes: Int)

    /// Of UTF-8; editors of Windows write it, and Docker takes it off, too.
    static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    /// `MAX_ARG_STRLEN` of execve(2): name, `=`, value and the byte that ends them.
    static let longestVariable = 131_072

    /// What no line of the file can be read in.
    init?(encodingOf bytes: [UInt8]) {
        if bytes.starts(with: [0xFF, 0xFE, 0, 0]) || bytes.starts(with: [0, 0, 0xFE, 0xFF]) {
            self = .otherEncoding("UTF-32")
        } else if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            self = .otherEncoding("UTF-16")
        } else if bytes.count >= 4, bytes.count.isMultiple(of: 2),
            [0, 1].contains(where: { first in
                stride(from: first, to: min(bytes.count, 64), by: 2).allSatisfy { bytes[$0] == 0 }
            })
        {
            self = .otherEncoding("UTF-16")  // without its mark: each second byte of plain text is 0
        } else {
            return nil
        }
    }

    static func checkLength(name: String, value: String) throws(SettingsFault) {
        let bytes = name.utf8.count + value.utf8.count + 2
        if bytes > longestVariable { throw .tooLong(bytes: bytes) }
    }

    var found: String {
        switch self {
        case .tooLarge(let bytes): "a file of \(bytes) bytes"
        case .otherEncoding(let name): "\(name) text"
        case .notUTF8(let byte): "not UTF-8 text (byte 0x\(Self.hex(UInt32(byte), digits: 2)))"
        case .nul: "a NUL byte"
        case .tooManyMarks: SettingsFile.tooManyMarks
        case .noEquals: "no '='"
        case .noKey: "no key before '='"
        case .spaceInKey: "white space inside the key"
        case .export: "'export' before the key"
        case .keyStartsWithDigit: "a key that starts with a digit"
        case .keyHolds(let scalar): "a key with \(Self.name(of: scalar)) in it"
        case .again: "given again"
        case .unclosedQuote(let quote): "a \(Character(Unicode.Scalar(quote))) that is not closed"
        case .severalLines(let last): "a value of several lines (to line \(last))"
        case .textAfterQuote: "text after the closing quote"
        case .escapedQuote: "a backslash before a quote inside quotes"
        case .carriageReturn: "a carriage return inside the line"
        case .controlCharacter(let scalar): "a control character (\(Self.name(of: scalar)))"
        case .tooLong(let bytes): "a variable of \(bytes) bytes"
        }
    }

    func allowed(in dialect: SettingsFile.Dialect) -> String {
        switch self {
        case .tooLarge: "at most \(SettingsFile.largest >> 20) MiB"
        case .otherEncoding(let name): "UTF-8; convert it: iconv -f \(name) -t UTF-8 FILE > NEW"
        case .notUTF8: "UTF-8; where the file is Latin-1: iconv -f ISO-8859-1 -t UTF-8 FILE > NEW"
        case .nul: "text without NUL bytes: no environment and no password can hold one"
        case .tooManyMarks: SettingsFile.allowedMarks
        case .noEquals, .noKey:
            dialect == .configuration
                ? "KEY=VALUE"
                : "NAME=VALUE, or NAME= for an empty value (a bare NAME would be taken from cron's environment, which does not have it)"
        case .spaceInKey:
            dialect == .configuration ? "KEY=VALUE, the key in one word" : "NAME=VALUE, the name in one word"
        case .export: "KEY=VALUE alone: no shell runs this file"
        case .keyStartsWithDigit: "a key of letters, digits and '_' that starts with none of the digits"
        case .keyHolds:
            dialect == .configuration
                ? "a key of letters, digits and '_'" : "a name without quotes and invisible characters"
        case .again(let line): "once (line \(line) has it, too)"
        case .unclosedQuote, .textAfterQuote:
            "VALUE, 'VALUE' or \"VALUE\" on one line, then perhaps white space and # with a comment"
        case .severalLines:
            dialect == .configuration
                ? "a value on one line"
                : "a value on one line (docker run --env-file has no other, either); encode it, with base64 say, or mount it as a file"
        case .escapedQuote: "no escapes: a value with \" stands in single quotes or in none"
        case .carriageReturn: "lines that end with LF or CR LF"
        case .controlCharacter: "printable text and tabs"
        case .tooLong: "at most \(Self.longestVariable): Linux passes no longer one to a program"
        }
    }

    /// One character alone gives no secret away.
    private static func name(of scalar: Unicode.Scalar) -> String {
        (33...126).contains(scalar.value) ? "'\(scalar)'" : "U+\(hex(scalar.value, digits: 4))"
    }

    private static func hex(_ number: UInt32, digits: Int) -> String {
        let text = String(number, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
