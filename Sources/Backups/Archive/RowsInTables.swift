package import Decisions

/// What a backup holds, in words: "1 row in 2 tables".
package struct RowsInTables: Equatable, Sendable {
    private let rows: Int
    private let tables: Int

    package init(rows: Int, tables: Int) {
        self.rows = rows
        self.tables = tables
    }

    package func words(in language: Language) -> String {
        language.choose(
            "\(rows) \(rows == 1 ? "row" : "rows") in \(tables) \(tables == 1 ? "table" : "tables")",
            "\(rows) \(rows == 1 ? "fila" : "filas") en \(tables) \(tables == 1 ? "tabla" : "tablas")")
    }

    /// That they came back.
    func areThere(in language: Language) -> String {
        words(in: language)
            + language.choose(
                rows == 1 ? " is there" : " are all there", rows == 1 ? ": está" : ": están todas")
    }
}
