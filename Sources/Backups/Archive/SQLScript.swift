import Connections
import Decisions

/// SQL as `pg_restore` writes it, cut into statements and their words; nothing is understood but quoting.
///
/// "Lexical Structure" in PostgreSQL's manual: `"…"` names, `'…'` and `E'…'` texts, `$tag$…$tag$`, comments. A line that
/// begins with a backslash is for psql and is left out. Bytes, because a dump has the encoding of its database.
package struct SQLScript {
    package struct Token: Equatable {
        package enum Kind { case word, name, text, symbol }

        package let kind: Kind
        /// As it is written, quotes included.
        package let bytes: [UInt8]
        let followsSpace: Bool

        /// A word without quotes, in upper case; `nil` for all else.
        package var keyword: String? {
            kind == .word ? String(decoding: bytes, as: UTF8.self).uppercased() : nil
        }

        /// What it names, without its quotes; `nil` where it is no identifier.
        package var identifier: String? {
            switch kind {
            case .word: return String(decoding: bytes, as: UTF8.self)
            case .name:
                let inner = String(decoding: bytes.dropFirst().dropLast(), as: UTF8.self)
                return inner.split(separator: "\"\"", omittingEmptySubsequences: false).joined(separator: "\"")
            case .text, .symbol: return nil
            }
        }
    }

    package struct Statement: Equatable {
        package var tokens: [Token]

        package func begins(_ words: String...) -> Bool {
            tokens.count >= words.count && zip(tokens, words).allSatisfy { $0.keyword == $1 }
        }

        package var bytes: [UInt8] {
            var bytes: [UInt8] = []
            for token in tokens {
                if token.followsSpace, !bytes.isEmpty { bytes.append(0x20) }
                bytes.append(contentsOf: token.bytes)
            }
            return bytes
        }

        /// For people.
        package var text: String { String(decoding: bytes, as: UTF8.self).oneLine }
    }

    package let statements: [Statement]

    package init(_ bytes: [UInt8]) {
        var reader = Reader(bytes)
        statements = reader.statements()
    }

    private struct Reader {
        let bytes: [UInt8]
        var place = 0

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        mutating func statements() -> [Statement] {
            var all: [Statement] = []
            var tokens: [Token] = []
            var sawSpace = false
            while place < bytes.count {
                let byte = bytes[place]
                if byte <= 0x20 {
                    sawSpace = true
                    place += 1
                } else if startsComment || (byte == UInt8(ascii: "\\") && tokens.isEmpty) {
                    sawSpace = true
                    skip { $0 != 0x0A }
                } else if byte == UInt8(ascii: ";") {
                    place += 1
                    if !tokens.isEmpty { all.append(Statement(tokens: tokens)) }
                    tokens = []
                } else {
                    let start = place
                    let kind = take()
                    tokens.append(.init(kind: kind, bytes: Array(bytes[start..<place]), followsSpace: sawSpace))
                    sawSpace = false
                }
            }
            if !tokens.isEmpty { all.append(Statement(tokens: tokens)) }
            return all
        }

        private var startsComment: Bool { bytes[place...].starts(with: "--".utf8) }

        private mutating func skip(while isInside: (UInt8) -> Bool) {
            while place < bytes.count, isInside(bytes[place]) { place += 1 }
        }

        private mutating func take() -> Token.Kind {
            let byte = bytes[place]
            let next = place + 1 < bytes.count ? bytes[place + 1] : 0
            switch byte {
            case UInt8(ascii: "\""):
                takeQuoted(byte, escapes: false)
                return .name
            case UInt8(ascii: "'"):
                takeQuoted(byte, escapes: false)
                return .text
            case UInt8(ascii: "E") where next == UInt8(ascii: "'"), UInt8(ascii: "e") where next == UInt8(ascii: "'"):
                place += 1
                takeQuoted(next, escapes: true)
                return .text
            case UInt8(ascii: "$"):
                return takeDollarQuoted() ? .text : .symbol
            default:
                if Self.isInWord(byte) {
                    skip(while: Self.isInWord)
                    return .word
                }
                place += 1
                return .symbol
            }
        }

        private static func isInWord(_ byte: UInt8) -> Bool {
            byte >= 0x80 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$")
                || byte.isASCIIDigit || byte.isASCIILetter
        }

        private mutating func takeQuoted(_ quote: UInt8, escapes: Bool) {
            place += 1
            while place < bytes.count {
                let byte = bytes[place]
                place += 1
                if escapes, byte == UInt8(ascii: "\\") {
                    place += 1
                } else if byte == quote {
                    guard place < bytes.count, bytes[place] == quote else { return }
                    place += 1
                }
            }
            place = min(place, bytes.count)
        }

        /// - Returns: whether it was one; else the sign alone is taken.
        private mutating func takeDollarQuoted() -> Bool {
            let start = place
            place += 1
            skip { $0 != UInt8(ascii: "$") && Self.isInWord($0) }
            guard place < bytes.count, bytes[place] == UInt8(ascii: "$") else {
                place = start + 1
                return false
            }
            place += 1
            let mark = Array(bytes[start..<place])
            while place < bytes.count, !bytes[place...].starts(with: mark) { place += 1 }
            place = min(place + mark.count, bytes.count)
            return true
        }
    }
}
