import Backups
import Testing

@Suite("Rows are counted in the text of a dump")
struct DumpRowsTests {
    private static let text = """
        -- a comment
        SET client_encoding = 'UTF8';
        COPY public.plain (a, b) FROM stdin;
        1\tx
        \\N\t\\.not the end
        3\tCOPY public.none (a) FROM stdin;
        \\.


        SELECT pg_catalog.lowrite(0, '\\\\x00');
        COPY "we ird"."Ta""b.le
        x" (a) FROM stdin;
        \\.
        COPY public.empty  FROM stdin;


        \\.
        SELECT pg_catalog.setval('public.s', 1, true);

        """

    private func count(_ text: String, piece: Int) -> [DumpRows.Table] {
        var rows = DumpRows()
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: piece) {
            Array(bytes[start..<min(start + piece, bytes.count)]).withUnsafeBytes { rows.consume($0) }
        }
        return rows.tables
    }

    @Test("the same in pieces of any size", arguments: [1, 2, 3, 5, 7, 16, 64, 100_000])
    func pieces(_ size: Int) {
        #expect(
            count(Self.text, piece: size) == [
                .init(schema: "public", name: "plain", rows: 3),
                .init(schema: "we ird", name: "Ta\"b.le\nx", rows: 0),
                .init(schema: "public", name: "empty", rows: 2),
            ])
    }

    @Test func `text that is no dump has no tables and does no harm`() {
        for text in [
            "", "\n\n", "COPY", "COPY x FROM stdin;\n1\n", "COPY a.b FROM", "\\.\n\\.\n", "COPY \"a FROM stdin;\n",
        ] {
            #expect(count(text, piece: 3).allSatisfy { $0.schema == "x" } || count(text, piece: 3).isEmpty, "\(text)")
        }
    }
}
