/// Text inside of SQL; "Lexical Structure" in PostgreSQL's manual, with standard_conforming_strings on (the default).
package enum SQLText {
    package static func identifier(_ name: String) -> String { quoted(name, "\"") }
    package static func literal(_ text: String) -> String { quoted(text, "'") }

    private static func quoted(_ text: String, _ quote: Character) -> String {
        var quoted = String(quote)
        for character in text.unicodeScalars {
            if Character(character) == quote { quoted.append(quote) }
            quoted.unicodeScalars.append(character)
        }
        quoted.append(quote)
        return quoted
    }
}
