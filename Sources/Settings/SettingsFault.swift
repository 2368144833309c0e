import Decisions

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

    var found: Words {
        switch self {
        case .tooLarge(let bytes): Words("a file of \(bytes) bytes", "un archivo de \(bytes) bytes")
        case .otherEncoding(let name): Words("\(name) text", "texto en \(name)")
        case .notUTF8(let byte):
            Words(
                "not UTF-8 text (byte 0x\(Self.hex(UInt32(byte), digits: 2)))",
                "no es texto UTF-8 (byte 0x\(Self.hex(UInt32(byte), digits: 2)))")
        case .nul: Words("a NUL byte", "un byte NUL")
        case .tooManyMarks: SettingsFile.tooManyMarks
        case .noEquals: Words("no '='", "falta '='")
        case .noKey: Words("no key before '='", "falta la clave antes de '='")
        case .spaceInKey: Words("white space inside the key", "espacio en blanco dentro de la clave")
        case .export: Words("'export' before the key", "'export' antes de la clave")
        case .keyStartsWithDigit: Words("a key that starts with a digit", "una clave que empieza con un dígito")
        case .keyHolds(let scalar):
            Words("a key with \(Self.name(of: scalar)) in it", "una clave que contiene \(Self.name(of: scalar))")
        case .again: Words("given again", "aparece otra vez")
        case .unclosedQuote(let quote):
            Words(
                "a \(Character(Unicode.Scalar(quote))) that is not closed",
                "un \(Character(Unicode.Scalar(quote))) sin cerrar")
        case .severalLines(let last):
            Words("a value of several lines (to line \(last))", "un valor de varias líneas (hasta la \(last))")
        case .textAfterQuote: Words("text after the closing quote", "texto tras la comilla de cierre")
        case .escapedQuote:
            Words("a backslash before a quote inside quotes", "una barra invertida ante una comilla entre comillas")
        case .carriageReturn: Words("a carriage return inside the line", "un retorno de carro dentro de la línea")
        case .controlCharacter(let scalar):
            Words(
                "a control character (\(Self.name(of: scalar)))", "un carácter de control (\(Self.name(of: scalar)))")
        case .tooLong(let bytes): Words("a variable of \(bytes) bytes", "una variable de \(bytes) bytes")
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
