package import Connections
package import Decisions

/// The answer to a query of the user's own: one row, one column, a whole number from 0 up, rounded down.
package struct ReportedNumber {
    package let reading: Reading

    package init(_ rows: PostgresRows) {
        reading =
            switch (rows.count, rows.columns) {
            case (_, 0): .missing(.notANumber("a statement that returns no rows"))
            case (1, 1): Self.reading(of: rows.rows.first?.first ?? nil)
            case (1, let columns): .missing(.notANumber("\(columns) columns"))
            case (0, _): .missing(.notANumber("no row"))
            case (let count, _): .missing(.notANumber("\(count) rows"))
            }
    }

    private static func reading(of text: String?) -> Reading {
        guard let text else { return .missing(.notANumber("NULL")) }
        // Exponents, signs and `NaN` are refused.
        guard let number = Quantity(text, decimals: Metric.connections.decimals) else {
            return .missing(.notANumber("`\(String(text.oneLine.unicodeScalars.prefix(60)))`"))
        }
        return .value(number)
    }
}
