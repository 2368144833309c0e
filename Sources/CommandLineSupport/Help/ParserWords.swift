import Decisions

/// What the argument parser says of wrong use. Its words are English and its cases are not ours to read, so other languages
/// know its sentences by their shape; one that is not known stays as it is.
package struct ParserWords: Catalogue {
    package let english: String

    package init(_ message: String) { english = message }

    /// A sentence as the parser makes it, with `…` in the places of what it takes in, and the same in another language.
    struct Shape {
        let parser: String
        let words: String

        init(_ parser: String, _ words: String) {
            self.parser = parser
            self.words = words
        }
    }

    /// The sentence in the words of the first shape that it has; `nil` where it has none.
    func matched(_ shapes: [Shape]) -> String? {
        shapes.lazy.compactMap { shape in
            filled(shape.parser.split(separator: "…", omittingEmptySubsequences: false)[...], english[...]).map {
                values in
                let pieces = shape.words.split(separator: "…", omittingEmptySubsequences: false)
                return zip(pieces, values + [""]).map { $0 + $1 }.joined()
            }
        }.first
    }

    /// What stands between these pieces of a text, which are all of it.
    private func filled(_ pieces: ArraySlice<Substring>, _ text: Substring) -> [Substring]? {
        guard let first = pieces.first, text.hasPrefix(first) else { return nil }
        let rest = text.dropFirst(first.count)
        let others = pieces.dropFirst()
        guard let next = others.first else { return rest.isEmpty ? [] : nil }
        if next.isEmpty { return [rest] }
        guard let end = rest.firstRange(of: next) else { return nil }
        return filled(others, rest[end.lowerBound...]).map { [rest[..<end.lowerBound]] + $0 }
    }
}
