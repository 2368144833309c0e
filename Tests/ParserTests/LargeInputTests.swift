import TestSupport
import Testing

/// The short form of what `make fuzz` measures strictly, in a release build, with every shape.
@Suite(.serialized)
struct LargeInputTests {
    /// In processor time. A debug build takes up to 3 s; a parser whose time grows with the square of the size takes hours.
    private static let bound = Duration.seconds(30)

    @Test("Up to 10 MiB are read in time that grows with their size only", arguments: FuzzedParser.allCases)
    func large(for parser: FuzzedParser) throws {
        let server = try ReplyServer()
        for input in LargeInput.hardest(for: parser) {
            // The largest that its reader does not refuse: to refuse is quick.
            let size = min(10 << 20, parser.largestInput ?? .max)
            let time = try input.time(ofBytes: size, through: server, limit: Self.bound * 4)
            #expect(try #require(time, "\(input): not done") < Self.bound, "\(input), \(size) bytes")
        }
    }
}
