/// A thing that can be said to people: its cases carry facts, and each language has a file of its own that makes sentences of
/// them (`RunMessage+English.swift`, `RunMessage+Spanish.swift`).
///
/// A further language is a case of `Language`, a requirement and a line here, and the files that the compiler then asks for:
/// every catalogue lacks the property, and every switch in it is exhaustive.
package protocol Catalogue {
    var english: String { get }
    var spanish: String { get }
}

extension Catalogue {
    package func sentence(in language: Language) -> String {
        switch language {
        case .english: english
        case .spanish: spanish
        }
    }
}
