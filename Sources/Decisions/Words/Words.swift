/// A text in both languages, before it is known which one is asked for.
package struct Words: Hashable, Sendable, Catalogue {
    package let english: String
    package let spanish: String

    package init(_ english: String, _ spanish: String) {
        self.english = english
        self.spanish = spanish
    }

    /// Names, examples and patterns read alike everywhere.
    package static func same(_ text: String) -> Words { Words(text, text) }

    package func text(in language: Language) -> String { sentence(in: language) }
}
