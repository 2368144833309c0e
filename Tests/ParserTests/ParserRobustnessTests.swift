import Foundation
import SeededRandom
import TestSupport
import Testing

/// The short form of `make fuzz`: no crash for inputs near real ones. A crash ends the test run.
@Suite(.serialized)
struct ParserRobustnessTests {
    private static let corpus = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fuzz/Corpus")

    private struct Seed {
        let name: String
        let parser: FuzzedParser
        let content: [UInt8]
    }

    /// What the fuzzer starts from, in the order of the names.
    private static func seeds() throws -> [Seed] {
        try FileManager.default.contentsOfDirectory(atPath: corpus.path).sorted().map { name in
            let bytes = [UInt8](try Data(contentsOf: corpus.appending(path: name)))
            let parser = try #require(bytes.first.flatMap(FuzzedParser.init), "\(name) chooses no parser")
            return Seed(name: name, parser: parser, content: Array(bytes.dropFirst()))
        }
    }

    @Test func `every parser has seeds, and survives them`() throws {
        let server = try ReplyServer()
        let seeds = try Self.seeds()
        #expect(Set(seeds.map(\.parser)) == Set(FuzzedParser.allCases))
        for seed in seeds { seed.parser.feed(seed.content, through: server) }
    }

    @Test func `every parser survives mutations of its seeds`() throws {
        let server = try ReplyServer()
        var mutation = Mutation(seed: 20_260_115)
        let seeds = try Self.seeds().filter { $0.content.count < 8192 }
        for _ in 0..<Self.mutationsOfEach {
            for seed in seeds { seed.parser.feed(mutation.mutated(seed.content), through: server) }
        }
    }

    private static let mutationsOfEach = 60
}

/// The same mutations in every run.
private struct Mutation {
    private var random: SplitMix64

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    private static let words = [
        "9223372036854775807", "-9223372036854775808", "18446744073709551616", "-1", "1e999", "NaN", "null", "\0",
        "\r\n",
        "\u{301}", "\u{1F1E6}", "\"", "'", "\\", "::", "=", "[[[[", "{}", "#",
    ].map { Array($0.utf8) }

    /// One to four changes: a bit, a byte less, a part twice, a part less, a number or a word that hurts.
    mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
        var copy = bytes
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let start = Int.random(in: 0...copy.count, using: &random)
            let end = min(copy.count, start + Int.random(in: 1...16, using: &random))
            switch Int.random(in: 0..<6, using: &random) {
            case 0 where start < copy.count: copy[start] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: copy.removeSubrange(start..<end)
            case 2: copy.insert(contentsOf: copy[start..<end], at: start)
            case 3: copy = Array(copy[..<start])
            case 4: exchangeNumber(in: &copy, from: start)
            default: copy.replaceSubrange(start..<end, with: Self.words.randomElement(using: &random) ?? [])
            }
        }
        return copy
    }

    private mutating func exchangeNumber(in bytes: inout [UInt8], from start: Int) {
        let isDigit: (UInt8) -> Bool = { (0x30...0x39).contains($0) }
        guard let first = bytes[start...].firstIndex(where: isDigit) else { return }
        let last = bytes[first...].firstIndex { !isDigit($0) } ?? bytes.count
        bytes.replaceSubrange(first..<last, with: Self.words[Int.random(in: 0..<6, using: &random)])
    }
}
