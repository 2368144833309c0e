import FoundationEssentials

/// JSON that somebody else wrote, or that may be damaged: read in time that grows with its size only.
package enum OutsideJSON {
    /// - Throws: `DecodingError`.
    package static func decode<Value: Decodable>(_ type: Value.Type, from bytes: some Collection<UInt8>) throws -> Value
    {
        let bytes = Array(bytes)
        // JSONDecoder also takes UTF-16 and UTF-32, which RFC 8259 does not, and both have zeros in ASCII characters.
        guard String(validating: bytes, as: UTF8.self) != nil, !bytes.contains(0) else {
            throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "it is not UTF-8 text"))
        }
        return try JSONDecoder().decode(type, from: Data(StreamSafeText.safe(json: bytes)))
    }
}
