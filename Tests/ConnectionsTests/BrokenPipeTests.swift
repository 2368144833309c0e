import Glibc
import Testing

@testable import Connections

struct BrokenPipeTests {
    @Test func `a broken pipe inside ends nothing, and is not left over`() {
        let seen = BrokenPipe.quiet {
            raise(SIGPIPE)
            return 17
        }
        #expect(seen == 17)
        var signals = sigset_t()
        sigpending(&signals)
        #expect(sigismember(&signals, SIGPIPE) == 0)
    }

    @Test func `nested it is the same`() {
        BrokenPipe.quiet {
            BrokenPipe.quiet { _ = raise(SIGPIPE) }
            raise(SIGPIPE)
        }
    }
}
