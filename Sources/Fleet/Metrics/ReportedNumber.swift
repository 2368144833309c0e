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
        guard let number = number(text) else {
            return .missing(.notANumber("`\(String(text.oneLine.unicodeScalars.prefix(60)))`"))
        }
        return .value(number)
    }

    /// Digits, with or without a fraction, as integers and `numeric` print; exponents, signs and `NaN` are refused.
    private static func number(_ text: String) -> Int? {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy { (48...57).contains($0) } }) else { return nil }
        return parts.first.flatMap { Int(Substring($0)) }
    }
}
