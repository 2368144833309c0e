import TestSupport
import Testing

/// The short form of what `make fuzz` measures strictly, in a release build, with every shape and 10 MiB.
@Suite(.serialized)
struct LargeInputTests {
    /// In processor time. A parser whose time grows with the square of the size takes minutes.
    private static let bound = Duration.seconds(6)
    /// What the double size may take, in times: 4 is the square, and caches and allocators make it a bit more than 2.
    private static let growth = 3.0
    /// What is faster says nothing by its growth: it is noise, and even its square is quick at the largest size.
    private static let floor = Duration.milliseconds(500)

    @Test("Up to 2 MiB are read in time that grows with their size only", arguments: FuzzedParser.allCases)
    func large(for parser: FuzzedParser) throws {
        let server = try ReplyServer()
        // The largest that its reader does not refuse: to refuse is quick.
        let size = min(2 << 20, parser.largestInput ?? .max)
        for input in LargeInput.hardest(for: parser) {
            func time(ofBytes size: Int) throws -> Duration {
                let time = try input.time(ofBytes: size, through: server, limit: Self.bound * 4)
                return try #require(time, "\(input): not done")
            }
            var whole = try time(ofBytes: size)
            #expect(whole < Self.bound, "\(input), \(size) bytes")
            guard whole > Self.floor else { continue }
            var half = min(try time(ofBytes: size / 2), try time(ofBytes: size / 2))
            // What shares the caches makes a thread slower by its own clock, too: the best of several times counts.
            for _ in 0..<4 where whole > half * Self.growth {
                whole = min(whole, try time(ofBytes: size))
                half = min(half, try time(ofBytes: size / 2))
            }
            #expect(whole <= half * Self.growth, "\(input): \(size) bytes take \(whole), half of them \(half)")
        }
    }
}
