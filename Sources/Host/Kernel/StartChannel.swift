package import Glibc
package import SystemPackage

/// Through which what is started tells its number to who starts it: a pair of sockets, of which the child inherits one.
package final class StartChannel: Sendable {
    /// For the child: what is written there arrives at `reports`.
    package let held: FileDescriptor
    private let reports: FileDescriptor

    /// - Throws: `Errno` of socketpair(2).
    package init() throws(Errno) {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw Errno(rawValue: errno)
        }
        held = FileDescriptor(rawValue: ends[0])
        reports = FileDescriptor(rawValue: ends[1])
    }

    deinit {
        try? held.close()
        try? reports.close()
    }

    /// The number that was written into `held`; `nil` while nothing was.
    package func reportedNumber() -> pid_t? {
        withUnsafeTemporaryAllocation(byteCount: 32, alignment: 1) { buffer in
            let count = recv(reports.rawValue, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
            guard count > 0 else { return nil }
            return pid_t(String(decoding: buffer.prefix(count), as: UTF8.self).filter { !$0.isNewline })
        }
    }
}
