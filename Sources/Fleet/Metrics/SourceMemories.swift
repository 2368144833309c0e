package import Host

/// What the sources of readings remember from run to run, each under its name: an object in the state file.
///
/// Its values are JSON to everybody but their source. One that is broken is that source's loss alone.
package struct SourceMemories: Equatable, Sendable {
    private var byName: [String: JSONValue]

    package init(_ byName: [String: JSONValue] = [:]) { self.byName = byName }

    package var isEmpty: Bool { byName.isEmpty }

    package func memory<Source: MetricSource>(of source: Source.Type) -> Source.Memory? {
        byName[Source.name]?.decoded(as: Source.Memory.self)
    }

    package mutating func keep<Source: MetricSource>(_ memory: Source.Memory?, of source: Source.Type) {
        byName[Source.name] = memory.map { JSONValue($0) }
    }
}

extension SourceMemories: Codable {
    package init(from decoder: any Decoder) throws { byName = try [String: JSONValue](from: decoder) }
    package func encode(to encoder: any Encoder) throws { try byName.encode(to: encoder) }
}
