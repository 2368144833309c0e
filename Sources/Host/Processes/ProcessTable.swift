package import Glibc
package import SystemPackage

/// The processes of this host, as /proc shows them (proc(5)): the one place that reads them and signals them.
///
/// A process may end between any two looks: what is gone is `nil` or left out, never an error.
package enum ProcessTable {
    /// One process for its whole life: the kernel gives a number again, but never with the same start.
    package struct Identity: Hashable, Sendable {
        package let pid: pid_t
        /// Clock ticks since boot.
        package let startTime: UInt64

        package init(pid: pid_t, startTime: UInt64) {
            self.pid = pid
            self.startTime = startTime
        }
    }

    /// What `/proc/<pid>/stat` says.
    package struct Status: Equatable, Sendable {
        package let identity: Identity
        package let state: Character
        package let parent: pid_t
        package let session: pid_t

        /// A zombie has ended; only its parent doesn't know yet.
        package var hasEnded: Bool { state == "Z" || state == "X" }
        package var isSessionLeader: Bool { session == identity.pid }

        /// In bytes; 52 numbers and a name of at most 15 (`TASK_COMM_LEN`) take less.
        package static let longestLine = 1024
    }

    /// Every process that runs; zombies do not.
    /// - Throws: `Errno` of opendir(3).
    package static func running() throws(Errno) -> [Status] {
        try running { _ in true }
    }

    /// Those that lead their session, and those whose session has no leader any more: what was left behind, or put itself
    /// into the background.
    package struct Sessions: Sendable {
        package let leaders: [Status]
        package let leaderless: [Status]
    }

    /// getsid(2) tells for a hundredth of what reading /proc/<pid>/stat costs. The kernel's own threads are in session 0.
    package static func sessions() throws(Errno) -> Sessions {
        var members: [(pid: pid_t, session: pid_t)] = []
        let leaders = try running { pid in
            let session = getsid(pid)
            if session > 0, session != pid { members.append((pid, session)) }
            return session == pid
        }.filter(\.isSessionLeader)
        let led = Set(leaders.map(\.session))
        let leaderless = members.filter { !led.contains($0.session) }.compactMap { status(of: $0.pid) }
        return Sessions(leaders: leaders, leaderless: leaderless.filter { !$0.hasEnded && !led.contains($0.session) })
    }

    package static func members(ofSession session: pid_t) throws(Errno) -> [Status] {
        try running { getsid($0) == session }.filter { $0.session == session }
    }

    private static func running(where isWanted: (pid_t) -> Bool) throws(Errno) -> [Status] {
        guard let folder = opendir("/proc") else { throw Errno(rawValue: errno) }
        defer { closedir(folder) }
        var found: [Status] = []
        while let entry = readdir(folder) {
            guard let pid = number(entry), isWanted(pid), let status = status(of: pid), !status.hasEnded
            else { continue }
            found.append(status)
        }
        return found
    }

    /// The process that a folder of /proc is named after.
    private static func number(_ entry: UnsafeMutablePointer<dirent>) -> pid_t? {
        withUnsafePointer(to: &entry.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) { name in
                guard name[0] >= 0x31, name[0] <= 0x39 else { return nil }
                return pid_t(String(cString: name))
            }
        }
    }

    package static func status(of pid: pid_t) -> Status? {
        guard let file = try? FileDescriptor.open(FilePath("/proc/\(pid)/stat"), .readOnly, options: [.closeOnExec])
        else { return nil }
        defer { try? file.close() }
        return withUnsafeTemporaryAllocation(byteCount: Status.longestLine, alignment: 1) { buffer in
            (try? file.read(into: buffer)).flatMap { Status(line: buffer.prefix($0)) }
        }
    }

    /// Whether this very process still runs.
    package static func isRunning(_ identity: Identity) -> Bool {
        guard let status = status(of: identity.pid) else { return false }
        return status.identity == identity && !status.hasEnded
    }

    /// The environment that its program was started with, as far as the program has left it alone.
    /// - Returns: `nil` without that very entry (`NAME=value`), or if the process is gone.
    /// - Throws: `Errno.permissionDenied` (or `.notPermitted`) where it may not be looked at.
    package static func environment(
        of pid: pid_t, containing entry: String
    ) throws(Errno) -> [Substring: Substring]? {
        try bytes(pid, "environ").flatMap { environment($0, containing: entry) }
    }

    /// The variables of an environment that has this entry. Of another user's process it may hold anything: what could take
    /// long to compare is left out.
    package static func environment(
        _ bytes: [UInt8], containing entry: String
    ) -> [Substring: Substring]? {
        let entries = bytes.pieces { $0 == 0 }
        let wanted = Array(entry.utf8)[...]
        guard entries.contains(wanted) else { return nil }
        var variables: [Substring: Substring] = [:]
        for entry in entries {
            guard let equals = entry.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let name = Substring(decoding: entry[..<equals], as: UTF8.self)
            let value = Substring(decoding: entry[(equals + 1)...], as: UTF8.self)
            guard StreamSafeText.isSafe(name), StreamSafeText.isSafe(value), variables[name] == nil else { continue }
            variables[name] = value  // getenv(3) takes the first, too
        }
        return variables
    }

    /// Program and arguments, readable by everyone; empty if it is gone.
    package static func commandLine(of pid: pid_t) -> [Substring] {
        (try? bytes(pid, "cmdline")).map { strings(in: $0) } ?? []
    }

    /// The user it runs as, in numbers; `nil` if it is gone. stat(2) of its folder.
    package static func user(of pid: pid_t) -> uid_t? {
        var status = stat()
        return stat("/proc/\(pid)", &status) == 0 ? status.st_uid : nil
    }

    /// Inodes of the sockets that it holds open, listening or not.
    /// - Throws: `Errno.permissionDenied` where it may not be looked at; one that is gone holds none.
    package static func sockets(of pid: pid_t) throws(Errno) -> Set<UInt64> {
        guard let folder = opendir("/proc/\(pid)/fd") else {
            let reason = Errno(rawValue: errno)
            if reason == .noSuchFileOrDirectory || reason == .noSuchProcess { return [] }
            throw reason
        }
        defer { closedir(folder) }
        var inodes: Set<UInt64> = []
        while let entry = readdir(folder) {
            guard let descriptor = number(entry), let target = link("/proc/\(pid)/fd/\(descriptor)"),
                target.hasPrefix("socket:["), let inode = UInt64(target.dropFirst(8).dropLast())
            else { continue }
            inodes.insert(inode)
        }
        return inodes
    }

    /// The files that its standard output and error go to, as far as they may be seen.
    package static func outputs(of pid: pid_t) -> [FilePath] {
        [1, 2].compactMap { link("/proc/\(pid)/fd/\($0)") }.map { FilePath($0) }
    }

    /// readlink(2).
    private static func link(_ path: String) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
            guard let start = buffer.baseAddress else { return nil }
            let count = readlink(path, start, buffer.count)
            guard count > 0 else { return nil }
            return String(decoding: buffer.prefix(count).lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }

    /// Whether its standard output is that file, by device and inode; `false` if it may not be seen, or is gone.
    package static func isWriting(_ pid: pid_t, to file: FileDescriptor) -> Bool {
        var output = stat()
        var expected = stat()
        return stat("/proc/\(pid)/fd/1", &output) == 0 && fstat(file.rawValue, &expected) == 0
            && output.st_dev == expected.st_dev && output.st_ino == expected.st_ino
    }

    /// kill(2), for this very process only: another one with its number by now is left alone.
    /// - Returns: `false` if it has ended.
    /// - Throws: `Errno` of kill(2), `notPermitted` mostly.
    @discardableResult
    package static func send(_ signal: Int32, to identity: Identity) throws(Errno) -> Bool {
        guard isRunning(identity) else { return false }
        guard kill(identity.pid, signal) == 0 else {
            let error = Errno(rawValue: errno)
            guard error != .noSuchProcess else { return false }
            throw error
        }
        return true
    }

    private static func bytes(_ pid: pid_t, _ file: String) throws(Errno) -> [UInt8]? {
        do throws(Errno) {
            return try KernelFile.bytes(FilePath("/proc/\(pid)/\(file)"))
        } catch {
            if error == .noSuchFileOrDirectory || error == .noSuchProcess { return nil }
            throw error
        }
    }

    /// In bytes: an interpreter and the longest command of ours.
    private static let longestCommandLine = 2 * CommandWords.longest

    /// What stands before each NUL, of a command line that may be ours; of a longer one, the beginning.
    package static func strings(in bytes: [UInt8]) -> [Substring] {
        bytes.prefix(longestCommandLine).split(separator: 0, omittingEmptySubsequences: false).dropLast().map {
            $0.isEmpty ? "" : Substring(decoding: $0, as: UTF8.self)
        }
    }
}

extension ProcessTable.Status {
    /// Reads `pid (name) state ppid pgrp session …`, with the start as the 22nd field. The name is the program's own
    /// choice and may hold spaces and parentheses: the last `)` ends it.
    package init?(line: some BidirectionalCollection<UInt8>) {
        guard let nameStart = line.firstIndex(of: UInt8(ascii: "(")),
            let nameEnd = line.lastIndex(of: UInt8(ascii: ")")), nameStart < nameEnd
        else { return nil }
        let head = String(decoding: line[..<nameStart], as: UTF8.self)
        let fields = line[line.index(after: nameEnd)...].split(separator: UInt8(ascii: " "), maxSplits: 20)
        func number<Number: FixedWidthInteger>(_ field: Int) -> Number? {
            Number(String(decoding: fields[field - 3], as: UTF8.self))
        }
        guard fields.count > 20, let pid = pid_t(head.dropLast()), let state = fields[0].first,
            let parent: pid_t = number(4), let session: pid_t = number(6), let startTime: UInt64 = number(22)
        else { return nil }
        self.init(
            identity: .init(pid: pid, startTime: startTime), state: Character(Unicode.Scalar(state)), parent: parent,
            session: session)
    }
}

extension ProcessTable.Identity: CustomStringConvertible {
    package var description: String { "\(pid)/\(startTime)" }

    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let pid = pid_t(parts[0]), pid > 0, let startTime = UInt64(parts[1]) else { return nil }
        self.init(pid: pid, startTime: startTime)
    }
}

extension [ProcessTable.Status] {
    package var oldestFirst: [ProcessTable.Status] {
        sorted { ($0.identity.startTime, $0.identity.pid) < ($1.identity.startTime, $1.identity.pid) }
    }
}
