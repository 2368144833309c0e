/// The statements of a file in NGINX's language: words up to `;`, or up to a block in braces.
///
/// As `ngx_conf_read_token` reads it: `#` at the beginning of a word starts a comment, both quotes hold white space and
/// `;{}`, a backslash takes the next character as it is, and `${` belongs to a word.
package struct NGINXStatements: Equatable, Sendable {
    package struct Statement: Equatable, Sendable {
        package let words: [String]
        /// Of the block, one level deep; empty where there is none.
        package internal(set) var block: [Statement] = []
    }

    package private(set) var top: [Statement] = []
    /// Why the file can't be loaded as it is; `nil` for a whole one.
    package private(set) var fault: String?

    package init(_ bytes: [UInt8]) {
        var words: [String] = []
        var depth = 0
        var rest = bytes[...]
        while let token = Self.token(&rest) {
            switch token {
            case .word(let word): words.append(word)
            case .unended: fault = "a quote without its end"
            case .semicolon, .opening:
                if depth == 0 { top.append(Statement(words: words)) }
                if depth == 1, let last = top.indices.last { top[last].block.append(Statement(words: words)) }
                if token == .opening { depth += 1 }
                words = []
            case .closing:
                depth -= 1
                if depth < 0 || !words.isEmpty { fault = fault ?? "an unexpected }" }
                depth = max(0, depth)
                words = []
            }
        }
        if depth > 0 { fault = fault ?? "a { without its }" }
        if !words.isEmpty { fault = fault ?? "a statement without its ;" }
    }

    private enum Token: Equatable {
        case word(String)
        case semicolon
        case opening
        case closing
        case unended
    }

    private static func token(_ rest: inout ArraySlice<UInt8>) -> Token? {
        while let byte = rest.first {
            if byte == UInt8(ascii: "#") {
                rest = rest.drop { $0 != UInt8(ascii: "\n") }
            } else if byte.isSpace {
                rest.removeFirst()
            } else {
                break
            }
        }
        guard let first = rest.first else { return nil }
        switch first {
        case UInt8(ascii: ";"):
            rest.removeFirst()
            return .semicolon
        case UInt8(ascii: "{"):
            rest.removeFirst()
            return .opening
        case UInt8(ascii: "}"):
            rest.removeFirst()
            return .closing
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return quoted(by: first, &rest)
        default: return bare(&rest)
        }
    }

    private static func quoted(by quote: UInt8, _ rest: inout ArraySlice<UInt8>) -> Token {
        rest.removeFirst()
        var word: [UInt8] = []
        while let byte = rest.popFirst() {
            if byte == quote { return .word(String(decoding: word, as: UTF8.self)) }
            word.append(byte == UInt8(ascii: "\\") ? rest.popFirst() ?? byte : byte)
        }
        return .unended
    }

    private static func bare(_ rest: inout ArraySlice<UInt8>) -> Token {
        var word: [UInt8] = []
        while let byte = rest.first {
            let isVariable = byte == UInt8(ascii: "{") && word.last == UInt8(ascii: "$")
            if byte.isSpace || byte == UInt8(ascii: ";") || byte == UInt8(ascii: "{") && !isVariable { break }
            rest.removeFirst()
            word.append(byte == UInt8(ascii: "\\") ? rest.popFirst() ?? byte : byte)
        }
        return .word(String(decoding: word, as: UTF8.self))
    }
}

extension UInt8 {
    fileprivate var isSpace: Bool { self == UInt8(ascii: " ") || (9...13).contains(self) }
}
