import Testing

@testable import Connections

struct XMLElementTests {
    private func read(_ text: String) throws(XMLElement.Malformed) -> XMLElement { try XMLElement(Array(text.utf8)) }

    @Test func `elements, texts, attributes and entities`() throws {
        let document = try read(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <List xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>a &amp; b&#xFC;&#10;&quot;</Name>
            <Item a='>' ><Key>k1</Key></Item><Empty /><Item><Key>k2</Key></Item></List>

            """)
        #expect(document.name == "List")
        #expect(document.child("Name")?.text == "a & bü\n\"")
        #expect(document.children("Item").compactMap { $0.child("Key")?.text } == ["k1", "k2"])
        #expect(document.child("Empty")?.children.isEmpty == true)
        #expect(document.child("Absent") == nil)
    }

    @Test(arguments: [
        "", "text", "<a>", "<a></b>", "<a></a><b></b>", "<a></a>text", "<a><b></a></b>", "<a b></a>", "<a b=c></a>",
        "<a>&unknown;</a>", "<a>&amp</a>", "<a>&#xD800;</a>", "<a>&#;</a>", "<>x</>", "<a", "<a b='", "<a b='<'></a>",
        "<?xml", "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "<a><!-- comment --></a>", "<a><![CDATA[x]]></a>",
    ])
    func `anything else is refused`(text: String) {
        #expect(throws: XMLElement.Malformed()) { try read(text) }
    }

    @Test func `bytes that are no text are refused`() {
        #expect(throws: XMLElement.Malformed()) { try XMLElement([0x3C, 0x61, 0x3E, 0xFF, 0x3C, 0x2F, 0x61, 0x3E]) }
    }

    @Test func `depth, number and time are bounded`() {
        #expect(throws: XMLElement.Malformed()) {
            try read(String(repeating: "<a>", count: 20) + String(repeating: "</a>", count: 20))
        }
        #expect(throws: XMLElement.Malformed()) { try read("<a>" + String(repeating: "<b/>", count: 200_000) + "</a>") }
        let longest = "<a>" + String(repeating: "x", count: XMLElement.longest - 7) + "</a>"
        #expect(throws: XMLElement.Malformed()) { try read(longest + " ") }
        let time = ContinuousClock().measure { #expect((try? read(longest)) != nil) }
        #expect(time < .seconds(10), "\(time)")
    }

    @Test func `a key with a great many accents is quick to compare, and is still another key`() throws {
        let marks = String(repeating: "\u{301}\u{316}", count: 1 << 19)
        let (text, other) = (try read("<Key>a\(marks)</Key>").text, try read("<Key>a\(marks)\u{301}</Key>").text)
        let time = ContinuousClock().measure { #expect(text != other && !text.hasPrefix("a/")) }
        #expect(time < .seconds(10), "\(time)")
        #expect(try read("<Key>e\u{301}</Key>").text == "\u{E9}")
    }

    @Test func `what was escaped is read again`() throws {
        let text = #"<a> & "b" 'c'"#
        #expect(try read("<x>\(XMLElement.escaped(text))</x>").text == text)
    }
}
