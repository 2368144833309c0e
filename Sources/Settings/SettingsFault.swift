import Decisions

/// What is wrong with a line of a settings file, or with all of it: a sentence and a next step for each, and none of them
/// quotes the line.
enum SettingsFault: Error, Hashable {
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

    func found(in language: Language) -> String {
        switch language {
        case .english: englishFound
        case .spanish: spanishFound
        }
    }

    /// What to write instead.
    func allowed(in dialect: SettingsFile.Dialect, _ language: Language) -> String {
        switch language {
        case .english: englishAllowed(in: dialect)
        case .spanish: spanishAllowed(in: dialect)
        }
    }

    /// One character alone gives no secret away.
    static func name(of scalar: Unicode.Scalar) -> String {
        (33...126).contains(scalar.value) ? "'\(scalar)'" : "U+\(hex(scalar.value, digits: 4))"
    }

    static func hex(_ number: UInt32, digits: Int) -> String {
        let text = String(number, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
