extension StringProtocol {
    /// The text without anything that acts on a terminal or forges a log line: control characters, line and paragraph
    /// separators and marks that turn the direction of writing become `\n`, `\t`, `\r` or `\u{…}`.
    package func escapingControls(keepingNewlines: Bool = false) -> String {
        var text = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar {
            case "\n" where keepingNewlines: text.append(scalar)
            case "\n": text.append(contentsOf: #"\n"#.unicodeScalars)
            case "\r": text.append(contentsOf: #"\r"#.unicodeScalars)
            case "\t": text.append(contentsOf: #"\t"#.unicodeScalars)
            case _ where scalar.actsOnATerminal:
                text.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
            default: text.append(scalar)
            }
        }
        return String(text)
    }
}

extension Unicode.Scalar {
    /// Control characters, line and paragraph separators, and marks that turn the direction of writing: all are below
    /// U+FFFF.
    var actsOnATerminal: Bool {
        switch self {
        case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{61C}", "\u{200E}"..."\u{200F}", "\u{2028}"..."\u{202E}",
            "\u{2066}"..."\u{2069}":
            true
        default: false
        }
    }
}
