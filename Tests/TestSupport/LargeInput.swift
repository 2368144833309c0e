import Dispatch
import Foundation
import Glibc
import Host
import Synchronization

/// A large input of a shape on which a careless parser takes time in the square of its size.
package struct LargeInput: Sendable, CustomStringConvertible {
    package let parser: FuzzedParser
    /// What is repeated, after what.
    package let description: String
    private let opening: [UInt8]
    private let filling: Filling
    private let closing: [UInt8]

    /// What stands between the opening and the closing.
    enum Filling: Sendable {
        case repeated([UInt8])
        case counted(@Sendable (Int) -> String)
    }

    init(
        _ parser: FuzzedParser, _ shape: String, after opening: String = "", before closing: String = "",
        _ filling: Filling
    ) {
        self.parser = parser
        description = "\(parser): \(opening.isEmpty ? "" : "\(opening.prefix(24).debugDescription) and ")\(shape)"
        self.opening = Array(opening.utf8)
        self.filling = filling
        self.closing = Array(closing.utf8)
    }

    /// The opening, as many entries as have room, and the closing.
    package func bytes(upTo size: Int) -> [UInt8] {
        var bytes = opening
        bytes.reserveCapacity(size)
        let end = size - closing.count
        switch filling {
        case .repeated(let piece):
            let block = Array(repeatElement(piece, count: 4096).joined())
            while bytes.count + block.count <= end { bytes += block }
            while bytes.count + piece.count <= end { bytes += piece }
        case .counted(let entry):
            var number = 0
            var next = entry(number)
            while bytes.count + next.utf8.count <= end {
                bytes += next.utf8
                number += 1
                next = entry(number)
            }
        }
        return bytes + closing
    }

    /// What its reader may refuse as too large, and the largest that it does not refuse.
    package func sizes(upTo size: Int) -> [Int] {
        guard let largest = parser.largestInput, largest < size else { return [size] }
        return [size, largest]
    }

    /// The processor time that the parser takes, so that what else the machine does is not counted; `nil` when it is
    /// not done within the limit. Its thread goes on then.
    package func time(ofBytes size: Int, through server: ReplyServer, limit: Duration) throws -> Duration? {
        let bytes = bytes(upTo: size)
        let taken = Taken()
        try DetachedThread.run { [parser] in
            let begin = Self.threadTime
            parser.feed(bytes, through: server)
            let time = Self.threadTime - begin
            taken.time.withLock { $0 = time }
            taken.isKnown.signal()
        }
        guard taken.isKnown.wait(timeout: .now() + limit / .seconds(1)) == .success else { return nil }
        return taken.time.withLock { $0 }
    }

    private final class Taken: Sendable {
        let time = Mutex<Duration?>(nil)
        let isKnown = DispatchSemaphore(value: 0)
    }

    /// clock_gettime(2) with `CLOCK_THREAD_CPUTIME_ID`.
    private static var threadTime: Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
