/// A fact for machines beside its sentence for people.
package struct Explained: Codable, Equatable, Sendable {
    package let code: String
    package let text: String

    package init(code: String, text: String) {
        self.code = code
        self.text = text
    }
}
