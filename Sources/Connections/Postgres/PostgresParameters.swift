/// libpq's connection keywords and their values; what is not named is libpq's own business (`PG*`, `~/.pgpass`, service files).
package struct PostgresParameters: Equatable, Sendable {
    package let values: [String: String]

    /// - Parameter values: by keyword, as in the manual's "Parameter Key Words": `host`, `port`, `dbname`, `user`, `password` …
    package init(_ values: [String: String] = [:]) {
        self.values = values
    }
}

extension PostgresParameters: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, String)...) {
        values = Dictionary(elements) { $1 }
    }
}

extension PostgresParameters: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private static let secrets: Set = ["password", "sslpassword", "passfile"]

    /// Without the secrets, however it is printed.
    package var description: String {
        values.sorted { $0.key < $1.key }
            .map { "\($0.key)=\(Self.secrets.contains($0.key) ? "…" : $0.value)" }
            .joined(separator: " ")
    }

    package var debugDescription: String { description }

    package var customMirror: Mirror { Mirror(self, children: [(label: String?, value: Any)]()) }
}
