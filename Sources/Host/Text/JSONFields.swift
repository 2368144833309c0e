/// The values of a few keys of a JSON object, found by name in one pass over its bytes: some thirty times faster than decoding
/// it, because nothing else in it is looked at but where strings, objects and lists end.
package struct JSONFields {
    private let line: ArraySlice<UInt8>
    /// Where the value of each key stands, in the order they were asked for; the first where a key is given twice.
    private var values: [Range<Int>?]

    /// `nil` where the bytes are not one whole object.
    package init?(_ object: ArraySlice<UInt8>, named names: [String]) {
        line = object
        values = Array(repeating: nil, count: names.count)
        let keys = names.map { Array($0.utf8) }
        let isWhole = object.withUnsafeBufferPointer { bytes in
            var scan = Scan(bytes: bytes)
            return scan.object { key, value in
                guard let index = Self.index(of: key, in: keys, bytes), values[index] == nil else { return }
                values[index] = value
            }
        }
        guard isWhole else { return nil }
    }

    /// - Parameter key: without its quotes.
    private static func index(of key: Range<Int>, in keys: [[UInt8]], _ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        let written = UnsafeBufferPointer(rebasing: bytes[key])
        // The same name may be written with escapes, at six bytes a character at most.
        guard let longest = keys.map(\.count).max(), key.count <= longest * 6 else { return nil }
        if !written.contains(UInt8(ascii: "\\")) { return keys.firstIndex { $0.elementsEqual(written) } }
        guard let text = string(written) else { return nil }
        return keys.firstIndex { $0.elementsEqual(text.utf8) }
    }

    private static func string(_ contents: some Collection<UInt8>) -> String? {
        let quote = CollectionOfOne(UInt8(ascii: "\""))
        return try? OutsideJSON.decode(String.self, from: Array(quote) + contents + quote)
    }

    private func bytes(_ index: Int) -> ArraySlice<UInt8>? {
        values[index].map { line[($0.lowerBound + line.startIndex)..<($0.upperBound + line.startIndex)] }
    }

    /// A whole number from 0 up; `nil` where the value is anything else, or not there.
    package func count(_ index: Int) -> Int? {
        guard let digits = bytes(index), digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(String(decoding: digits, as: UTF8.self))
    }

    /// A string, its escapes resolved; `nil` where the value is anything else, or not there.
    package func string(_ index: Int) -> String? {
        guard let quoted = bytes(index), quoted.count >= 2, quoted.first == UInt8(ascii: "\"") else { return nil }
        let contents = quoted.dropFirst().dropLast()
        if !contents.contains(UInt8(ascii: "\\")) { return String(validating: contents, as: UTF8.self) }
        return Self.string(contents)
    }
}

/// Where the parts of JSON text end (RFC 8259), without a look at what they say.
private struct Scan {
    let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || (0x09...0x0D).contains(byte) { position += 1 }
    }

    /// - Returns: whether all of the bytes are one object.
    mutating func object(_ field: (_ key: Range<Int>, _ value: Range<Int>) -> Void) -> Bool {
        skipSpace()
        guard take("{") else { return false }
        skipSpace()
        if !take("}") {
            repeat {
                skipSpace()
                guard let key = string() else { return false }
                skipSpace()
                guard take(":") else { return false }
                skipSpace()
                guard let value = value() else { return false }
                field(key, value)
                skipSpace()
            } while take(",")
            guard take("}") else { return false }
        }
        skipSpace()
        return position == bytes.count
    }

    /// What stands between the quotes.
    private mutating func string() -> Range<Int>? {
        guard take("\"") else { return nil }
        let start = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                return start..<(position - 1)
            case UInt8(ascii: "\\"): position += 2
            default: position += 1
            }
        }
        return nil
    }

    private mutating func value() -> Range<Int>? {
        let start = position
        switch next {
        case UInt8(ascii: "\""): return string().map { _ in start..<position }
        case UInt8(ascii: "{"), UInt8(ascii: "["): return nest() ? start..<position : nil
        default:
            while let byte = next, byte > 0x20, byte != UInt8(ascii: ","), byte != UInt8(ascii: "}") { position += 1 }
            return position > start ? start..<position : nil
        }
    }

    /// Past an object or a list, however deep it is.
    private mutating func nest() -> Bool {
        var depth = 0
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                guard string() != nil else { return false }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
            position += 1
            if depth == 0 { return true }
        }
        return false
    }
}
