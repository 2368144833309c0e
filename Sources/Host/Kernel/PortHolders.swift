package import Glibc
package import SystemPackage

/// Who holds the listening sockets of this host, at one moment.
///
/// All of /proc is listed once at most, and only where a backend's first process does not hold its port itself: with many
/// processes that list costs more than the rest of a run.
package final class PortHolders {
    private let sockets: SocketTable
    private lazy var processes = Result { () throws(Errno) in try ProcessTable.running() }

    /// Whose the socket is that a connection to a port of 127.0.0.1 ends at.
    package enum Verdict: Equatable {
        case own
        /// Nothing listens.
        case nobody
        /// A process of it belongs to another user and can't be looked at; the socket was made by the same user.
        case unseen(pid_t)
        case foreign(SocketTable.Listener)
    }

    /// - Throws: `Errno` of reading /proc.
    package init() throws(Errno) {
        sockets = try SocketTable()
    }

    /// Own are the sockets of the process, of its session and of everything it has started: servers fork workers, and a
    /// wrapper (sudo, a shell) is not who listens.
    /// - Throws: `Errno` of reading /proc.
    package func verdict(on port: UInt16, of process: ProcessTable.Identity) throws(Errno) -> Verdict {
        var unknown = sockets.answering(on: port)
        guard !unknown.isEmpty else { return .nobody }
        if holdsAll(unknown, process) { return .own }
        var unseen: [pid_t] = []
        for pid in family(of: process, among: try processes.get()) {
            do throws(Errno) {
                let own = try ProcessTable.sockets(of: pid)
                unknown.removeAll { own.contains($0.inode) }
                if unknown.isEmpty { return .own }
            } catch {
                unseen.append(pid)
            }
        }
        let user = unknown[0].user
        if let pid = unseen.first(where: { ProcessTable.user(of: $0) == user }), unknown.allSatisfy({ $0.user == user })
        {
            return .unseen(pid)
        }
        return .foreign(unknown[0])
    }

    private func holdsAll(_ listeners: [SocketTable.Listener], _ process: ProcessTable.Identity) -> Bool {
        guard ProcessTable.isRunning(process), let own = try? ProcessTable.sockets(of: process.pid)
        else { return false }
        return listeners.allSatisfy { own.contains($0.inode) }
    }

    private func family(of process: ProcessTable.Identity, among processes: [ProcessTable.Status]) -> [pid_t] {
        guard let first = processes.first(where: { $0.identity == process }) else { return [] }
        let pid = process.pid
        // A session without a leader is what the backend's first process has left; any other may be somebody else's.
        let isWhole = first.isSessionLeader || !processes.contains { $0.identity.pid == first.session }
        var members = [pid]
        var seen: Set<pid_t> = [pid]
        for other in processes where isWhole && other.session == first.session {
            if seen.insert(other.identity.pid).inserted { members.append(other.identity.pid) }
        }
        var children: [pid_t: [pid_t]] = [:]
        for other in processes { children[other.parent, default: []].append(other.identity.pid) }
        var next = 0
        while next < members.count {
            for child in children[members[next]] ?? [] where seen.insert(child).inserted { members.append(child) }
            next += 1
        }
        return members
    }

    /// Processes that hold a socket which answers on that port, as far as they may be looked at.
    package func holders(of port: UInt16) -> [ProcessTable.Status] {
        let inodes = Set(sockets.answering(on: port).map(\.inode))
        guard !inodes.isEmpty else { return [] }
        return ((try? processes.get()) ?? []).filter { process in
            guard let own = try? ProcessTable.sockets(of: process.identity.pid) else { return false }
            return !own.isDisjoint(with: inodes)
        }
    }

    package func holder(of listener: SocketTable.Listener, on port: UInt16) -> ForeignHolder {
        let pid = holders(of: port).oldestFirst.first?.identity.pid
        let program = pid.flatMap { ProcessTable.commandLine(of: $0).first }
        return ForeignHolder(
            port: port, process: pid, program: program.map { String($0.prefix(100)).escapingControls() },
            user: listener.user)
    }
}
