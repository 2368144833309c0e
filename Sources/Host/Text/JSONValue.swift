/// JSON that is kept for somebody else: held and written again as it was read, whatever it says.
package enum JSONValue: Equatable, Sendable {
    case null
    case truth(Bool)
    case integer(Int)
    /// One that no `Int` holds.
    case large(UInt64)
    case number(Double)
    case text(String)
    case list([JSONValue])
    case object([String: JSONValue])

    package init(_ value: some Encodable) {
        self = (try? OutsideJSON.decode(JSONValue.self, from: StableJSON.bytes(value))) ?? .null
    }

    /// The value that it is the JSON of; `nil` where it is that of another one.
    package func decoded<Value: Decodable>(as type: Value.Type) -> Value? {
        try? OutsideJSON.decode(type, from: StableJSON.bytes(self))
    }
}

extension JSONValue: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .truth(value)
        } else if let value = try? container.decode(Int.self) {
            self = .integer(value)
        } else if let value = try? container.decode(UInt64.self) {
            self = .large(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .truth(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .large(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .list(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }
}
