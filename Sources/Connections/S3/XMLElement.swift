import Host

/// What of XML a store answers with: elements, text and the five named entities. Anything else is refused: no document
/// type, so nothing that could be expanded, and bounds on length, depth and number.
package struct XMLElement: Equatable, Sendable {
    /// Of a document, in bytes: a page of 1,000 objects with the longest keys has some 2 MiB.
    package static let longest = 8 << 20

    package let name: String
    /// Of the element itself, without its children's.
    package let text: String
    package let children: [XMLElement]

    package struct Malformed: Error, Equatable {}

    package func child(_ name: String) -> XMLElement? { children.first { $0.name == name } }
    package func children(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

    /// Text as it stands between two tags.
    static func escaped(_ text: String) -> String {
        text.reduce(into: "") { escaped, character in
            switch character {
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "&": escaped += "&amp;"
            case "\"": escaped += "&quot;"
            default: escaped.append(character)
            }
        }
    }

    package init(_ bytes: [UInt8]) throws(Malformed) {
        guard bytes.count <= Self.longest, String(validating: bytes, as: UTF8.self) != nil else { throw Malformed() }
        var reader = XMLReader(bytes)
        self = try reader.document()
    }

    fileprivate init(name: String, text: String, children: [XMLElement]) {
        self.name = name
        self.text = text
        self.children = children
    }
}

/// Reads bytes that are UTF-8.
private struct XMLReader {
    private static let deepest = 16
    /// A page of 1,000 objects has some 10,000.
    private static let most = 100_000

    private var rest: ArraySlice<UInt8>
    private var count = 0

    init(_ bytes: [UInt8]) {
        rest = bytes[...]
    }

    mutating func document() throws(XMLElement.Malformed) -> XMLElement {
        _ = skip("\u{FEFF}")
        if skip("<?xml") {
            while !skip("?>") { _ = try next() }
        }
        skipSpace()
        guard skip("<") else { throw .init() }
        let root = try element(depth: 1)
        skipSpace()
        guard rest.isEmpty else { throw .init() }
        return root
    }

    /// From behind the first `<` to behind the last `>`.
    private mutating func element(depth: Int) throws(XMLElement.Malformed) -> XMLElement {
        count += 1
        guard depth <= Self.deepest, count <= Self.most else { throw .init() }
        let name = try name()
        if try attributes() { return XMLElement(name: name, text: "", children: []) }
        var text: [UInt8] = []
        var children: [XMLElement] = []
        while true {
            if skip("</") {
                guard try self.name() == name else { throw .init() }
                skipSpace()
                guard skip(">") else { throw .init() }
                let text = String(decoding: StreamSafeText.safe(text), as: UTF8.self)
                return XMLElement(name: name, text: text, children: children)
            } else if skip("<") {
                children.append(try element(depth: depth + 1))
            } else if skip("&") {
                text += try entity().utf8
            } else {
                let run = rest.prefix { $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: "&") }
                guard !run.isEmpty else { throw .init() }
                text += run
                rest = rest[run.endIndex...]
            }
        }
    }

    /// Skips them, and the `>` behind them.
    /// - Returns: whether the element ends here, with `/>`.
    private mutating func attributes() throws(XMLElement.Malformed) -> Bool {
        while true {
            skipSpace()
            if skip("/>") { return true }
            if skip(">") { return false }
            _ = try name()
            skipSpace()
            guard skip("=") else { throw .init() }
            skipSpace()
            let quote = try next()
            guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { throw .init() }
            while true {
                let byte = try next()
                if byte == quote { break }
                guard byte != UInt8(ascii: "<") else { throw .init() }
            }
        }
    }

    private mutating func name() throws(XMLElement.Malformed) -> String {
        let name = rest.prefix { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: ":"):
                true
            default: false
            }
        }
        guard (1...100).contains(name.count) else { throw .init() }
        rest = rest.dropFirst(name.count)
        return String(decoding: name, as: UTF8.self)
    }

    /// Behind `&`; with the `;`.
    private mutating func entity() throws(XMLElement.Malformed) -> String {
        let word = String(decoding: rest.prefix { $0 != UInt8(ascii: ";") && $0 < 0x80 }.prefix(10), as: UTF8.self)
        rest = rest.dropFirst(word.utf8.count)
        guard skip(";") else { throw .init() }
        if let text = ["lt": "<", "gt": ">", "amp": "&", "quot": "\"", "apos": "'"][word] { return text }
        let number =
            if word.hasPrefix("#x") { UInt32(word.dropFirst(2), radix: 16) } else if word.hasPrefix("#") {
                UInt32(word.dropFirst())
            } else { UInt32?.none }
        guard let number, let scalar = Unicode.Scalar(number) else { throw .init() }
        return String(Character(scalar))
    }

    private mutating func skip(_ text: StaticString) -> Bool {
        let isNext = text.withUTF8Buffer { rest.starts(with: $0) }
        if isNext { rest = rest.dropFirst(text.utf8CodeUnitCount) }
        return isNext
    }

    private mutating func skipSpace() {
        rest = rest.drop { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
    }

    private mutating func next() throws(XMLElement.Malformed) -> UInt8 {
        guard let byte = rest.popFirst() else { throw .init() }
        return byte
    }
}
