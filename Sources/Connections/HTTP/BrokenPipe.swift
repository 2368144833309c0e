import Glibc

/// SIGPIPE, which a write to a connection that is closed already raises, and which ends a program that did not expect it.
enum BrokenPipe {
    /// Runs the body without it; other threads and child processes keep theirs.
    ///
    /// libcurl leaves this to its user (CURLOPT_NOSIGNAL), and OpenSSL writes without MSG_NOSIGNAL.
    static func quiet<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        var pipe = sigset_t()
        var before = sigset_t()
        sigemptyset(&pipe)
        sigaddset(&pipe, SIGPIPE)
        guard !isPending, pthread_sigmask(SIG_BLOCK, &pipe, &before) == 0 else { return try body() }
        defer {
            if isPending {
                var now = timespec()
                sigtimedwait(&pipe, nil, &now)  // takes it
            }
            pthread_sigmask(SIG_SETMASK, &before, nil)
        }
        return try body()
    }

    private static var isPending: Bool {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigpending(&signals)
        return sigismember(&signals, SIGPIPE) == 1
    }
}
