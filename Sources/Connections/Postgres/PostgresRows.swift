/// The rows of an answer, as the text that PostgreSQL sends.
package struct PostgresRows: Equatable, Sendable {
    package let columns: Int
    /// `nil` is NULL. No more rows than were asked to be kept.
    package let rows: [[String?]]
    /// How many there were.
    package let count: Int

    package init(columns: Int = 0, rows: [[String?]] = [], count: Int = 0) {
        self.columns = columns
        self.rows = rows
        self.count = count
    }
}
