import Foundation
import TestSupport

/// Feeds every parser every large input, and says the slowest: `feed-large-inputs [MiB]`. Ends with 1 where one takes more
/// than a second of processor time. For a release build: a debug build is many times slower.
@main
enum FeedLargeInputs {
    private static let bound = Duration.seconds(1)
    /// Where a parser is as good as hanging, on a machine that has other things to do as well.
    private static let patience = Duration.seconds(60)

    static func main() throws {
        let mebibytes = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 10
        let server = try ReplyServer()
        var slowest: [FuzzedParser: (input: LargeInput, time: Duration)] = [:]
        var tooSlow = 0
        for input in LargeInput.all {
            for size in input.sizes(upTo: mebibytes << 20) {
                guard let time = try best(of: input, size, through: server) else {
                    say("\(input), \(size) bytes: not done after \(patience.inSeconds) s")
                    exit(1)
                }
                if time > slowest[input.parser]?.time ?? .zero { slowest[input.parser] = (input, time) }
                if time > bound {
                    tooSlow += 1
                    say("too slow: \(input), \(time.inSeconds) s")
                }
            }
        }
        for (input, time) in slowest.values.sorted(by: { $0.time > $1.time }) { say("\(time.inSeconds) s  \(input)") }
        say("large inputs: \(LargeInput.all.count) of \(mebibytes) MiB, \(tooSlow) took more than 1 s")
        exit(tooSlow == 0 ? 0 : 1)
    }

    /// The best of up to three times: what shares caches and memory with it makes a thread slower by its own clock, too.
    private static func best(of input: LargeInput, _ size: Int, through server: ReplyServer) throws -> Duration? {
        var best: Duration?
        for _ in 0..<3 where best ?? patience > bound {
            guard let time = try input.time(ofBytes: size, through: server, limit: patience) else { return nil }
            best = min(best ?? time, time)
        }
        return best
    }

    /// At once, also into a file: print(_:) would keep it until the end.
    private static func say(_ line: String) { FileHandle.standardOutput.write(Data("\(line)\n".utf8)) }
}

extension Duration {
    fileprivate var inSeconds: String { String(format: "%.2f", self / .seconds(1)) }
}
