import Glibc
import Host

/// How many rows a dump holds of each table, counted in the text that `pg_restore --data-only` makes of it.
///
/// The text has, for each table, `COPY schema.name (columns) FROM stdin;`, one line a row (a line end inside of a value is
/// written as `\n`), and `\.`; "COPY", "Text Format" in PostgreSQL's manual. Without the schema there is no function body
/// in it that could look like that.
package struct DumpRows {
    package struct Table: Equatable, Sendable, Codable {
        package let schema: String
        package let name: String
        package var rows: Int

        package init(schema: String, name: String, rows: Int) {
            self.schema = schema
            self.name = name
            self.rows = rows
        }
    }

    /// In the order of the dump.
    package private(set) var tables: [Table] = []
    /// PostgreSQL's name of the dump's encoding, as it says in its first lines; names are kept as `RawText` has them.
    package private(set) var encoding = "UTF8"
    private var isInRows = false
    /// The beginning of the line that is being read, as far as anybody could want it.
    private var line: [UInt8] = []

    private static let newline = UInt8(ascii: "\n")
    private static let copy = Array("COPY ".utf8)
    private static let setEncoding = Array("SET client_encoding = '".utf8)
    private static let fromInput = Array(" FROM stdin;".utf8)
    private static let end = Array("\\.".utf8)
    /// 1,600 columns of 63 characters, each of four bytes and quoted, and more.
    private static let longestStatement = 1 << 20

    package init() {}

    package mutating func consume(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { return }
        var start = 0
        while start < bytes.count {
            let found = memchr(base + start, Int32(Self.newline), bytes.count - start)
            let end = found.map { UnsafeRawPointer($0) - base } ?? bytes.count
            let piece = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
            if found == nil || !line.isEmpty {
                keep(piece)
                if found != nil { endOfLine() }
            } else if isInRows {
                endOfRow(piece)
            } else {
                keep(piece)
                endOfLine()
            }
            start = end + 1
        }
    }

    private mutating func keep(_ piece: UnsafeRawBufferPointer) {
        // Of a row nothing matters but whether it is the end mark.
        let limit = isInRows ? Self.end.count + 1 : Self.longestStatement
        line.append(contentsOf: piece.prefix(max(0, limit - line.count)))
    }

    private mutating func endOfLine() {
        if isInRows {
            line.withUnsafeBytes { endOfRow($0) }
            line.removeAll(keepingCapacity: true)
        } else if !line.starts(with: Self.copy) {
            if line.starts(with: Self.setEncoding) {
                encoding = String(decoding: line.dropFirst(Self.setEncoding.count).prefix { $0 != 0x27 }, as: UTF8.self)
            }
            line.removeAll(keepingCapacity: true)
        } else if line.suffix(Self.fromInput.count).elementsEqual(Self.fromInput) {
            if let table = table(in: line) {
                tables.append(table)
                isInRows = true
            }
            line.removeAll(keepingCapacity: true)
        } else {
            line.append(Self.newline)  // a name with a line end in it: the statement goes on
            if line.count >= Self.longestStatement { line.removeAll(keepingCapacity: true) }
        }
    }

    private mutating func endOfRow(_ row: UnsafeRawBufferPointer) {
        if row.count == Self.end.count, row.elementsEqual(Self.end) {
            isInRows = false
        } else if !tables.isEmpty {
            tables[tables.count - 1].rows += 1
        }
    }

    /// `COPY schema."Na""me" (…`
    private func table(in statement: [UInt8]) -> Table? {
        var rest = statement.dropFirst(Self.copy.count)
        guard let schema = identifier(&rest), rest.popFirst() == UInt8(ascii: "."), let name = identifier(&rest) else {
            return nil
        }
        return Table(schema: schema, name: name, rows: 0)
    }

    private func identifier(_ rest: inout ArraySlice<UInt8>) -> String? {
        func text(_ bytes: [UInt8]) -> String { RawText.string(bytes, isUTF8: encoding == "UTF8") }
        let quote = UInt8(ascii: "\"")
        var bytes: [UInt8] = []
        guard rest.first == quote else {
            while let byte = rest.first, byte != UInt8(ascii: "."), byte != UInt8(ascii: " ") {
                bytes.append(byte)
                rest.removeFirst()
            }
            return bytes.isEmpty ? nil : text(bytes)
        }
        rest.removeFirst()
        while let byte = rest.popFirst() {
            if byte == quote {
                guard rest.first == quote else { return text(bytes) }
                rest.removeFirst()
            }
            bytes.append(byte)
        }
        return nil
    }
}
