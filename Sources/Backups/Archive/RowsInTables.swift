import Decisions

/// What a backup holds, in words: "1 row in 2 tables".
package struct RowsInTables: Equatable, Sendable {
    private let rows: Int
    private let tables: Int

    package init(rows: Int, tables: Int) {
        self.rows = rows
        self.tables = tables
    }
}

extension RowsInTables: Catalogue {
    package var english: String {
        "\(rows) \(rows == 1 ? "row" : "rows") in \(tables) \(tables == 1 ? "table" : "tables")"
    }

    package var spanish: String {
        "\(rows) \(rows == 1 ? "fila" : "filas") en \(tables) \(tables == 1 ? "tabla" : "tablas")"
    }

    /// `12 rows in 2 tables are all there`
    var englishAndThere: String { english + (rows == 1 ? " is there" : " are all there") }
    var spanishAndThere: String { spanish + (rows == 1 ? ": está" : ": están todas") }
}
