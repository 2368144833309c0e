import Decisions
import Testing

@testable import Connections
@testable import Fleet

@Suite("The number that a query of the user's own returns")
struct ReportedNumberTests {
    @Test(
        "is a whole number from 0 up, rounded down",
        arguments: [
            ("0", 0), ("12", 12), ("012", 12), ("12.0", 12), ("12.7", 12), ("12.999999999999999999999", 12),
            ("9223372036854775807", Int.max),
        ])
    func number(text: String, value: Int) {
        #expect(ReportedNumber(PostgresRows(columns: 1, rows: [[text]], count: 1)).reading == .value(Quantity(value)))
    }

    @Test(
        "is missing, never zero, where it is anything else",
        arguments: [
            "", " 1", "-1", "-0", "+1", "NaN", "Infinity", "1e3", ".5", "5.", "1.2.3", "1,5", "0x10", "t", "many",
            "9223372036854775808", "١٢",
        ])
    func noNumber(text: String) {
        let reading = ReportedNumber(PostgresRows(columns: 1, rows: [[text]], count: 1)).reading
        #expect(reading == .missing(.notANumber("`\(text.oneLine)`")))
    }

    private static let shapes: [(PostgresRows, String)] = [
        (PostgresRows(columns: 1, rows: [[nil]], count: 1), "NULL"),
        (PostgresRows(columns: 1, rows: [], count: 0), "no row"),
        (PostgresRows(columns: 1, rows: [["1"]], count: 2), "2 rows"),
        (PostgresRows(columns: 2, rows: [["1", "2"]], count: 1), "2 columns"),
        (PostgresRows(), "a statement that returns no rows"),
    ]

    @Test("comes in one row of one column", arguments: shapes)
    func shape(rows: PostgresRows, words: String) {
        #expect(ReportedNumber(rows).reading == .missing(.notANumber(words)))
    }

    @Test("is quoted in one line and not in full where it is text")
    func quoted() {
        let text = String(repeating: "x\n", count: 100)
        let reading = ReportedNumber(PostgresRows(columns: 1, rows: [[text]], count: 1)).reading
        #expect(reading == .missing(.notANumber("`\(String(repeating: "x ", count: 30))`")))
    }
}
