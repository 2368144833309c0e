import Decisions
import Glibc
import Host
import SystemPackage

extension ProcessTarget {
    /// From SIGKILL to the process being gone; one that the kernel holds (a hung disk) takes longer.
    private static let killTimeout = Duration.seconds(2)

    /// SIGTERM to the leader alone (it knows how to end its children), SIGKILL to it and then to whatever is left of its
    /// session.
    /// - Parameter patience: from SIGTERM to SIGKILL; zero: no SIGTERM.
    func end(_ backend: Backend, allowing patience: Duration, before deadline: Deadline) async throws(TargetError) {
        guard let process = ProcessTable.Identity(backend.id) else {
            throw .unreadable(action: "end \(backend.name)", detail: "\(backend.id) is no process of ours")
        }
        let wasRunning = ProcessTable.isRunning(process)
        try await end(process, named: backend.name, allowing: patience, before: deadline)
        // What this run started itself and has left its first process is not a job of a backend that served.
        if let attempt = heldPorts.release(backend.id), !wasRunning { _ = await endStrays(of: attempt) }
    }

    func end(
        _ leader: ProcessTable.Identity, named name: String, allowing patience: Duration, before deadline: Deadline
    ) async throws(TargetError) {
        let status = ProcessTable.status(of: leader.pid)
        let wasRunning = status?.identity == leader && status?.hasEnded == false
        let session = wasRunning ? status?.session ?? leader.pid : leader.pid
        do throws(Errno) {
            if patience > .zero, try ProcessTable.send(SIGTERM, to: leader) {
                try ProcessTable.send(SIGCONT, to: leader)  // a stopped process would not see it
                await waitForEnd(of: leader, before: deadline.within(patience))
            }
            if try ProcessTable.send(SIGKILL, to: leader) {
                // Even with no time left: what was killed is gone in a moment, and saying otherwise would be wrong.
                await waitForEnd(of: leader, before: Deadline(after: Self.killTimeout))
            }
            guard !ProcessTable.isRunning(leader) else {
                throw Errno.timedOut
            }
            try await killSession(session, named: name, isSurelyOurs: wasRunning && session == leader.pid)
        } catch {
            switch error {
            case .timedOut:
                throw .timedOut(action: "end \(name)", seconds: (patience + Self.killTimeout) / .seconds(1))
            case .notPermitted: throw .notPermitted(address: "process \(leader.pid)", detail: error.description)
            default: throw .refused(action: "end \(name)", message: error.description)
            }
        }
    }

    private func waitForEnd(of process: ProcessTable.Identity, before deadline: Deadline) async {
        while ProcessTable.isRunning(process), !deadline.isOver {
            try? await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Ends what the leader left running, and returns when it is gone: its port is free then.
    ///
    /// The kernel gives the leader's number to nobody while its session has a member. Without having seen the leader
    /// itself a member must carry our variables or write our log: the session could be another's, whose leader had the number
    /// later.
    private func killSession(_ session: pid_t, named name: String, isSurelyOurs: Bool) async throws(Errno) {
        let deadline = Deadline(after: Self.killTimeout)
        while true {
            if let status = ProcessTable.status(of: session), !status.hasEnded { return }
            let left = try ProcessTable.members(ofSession: session).filter {
                isSurelyOurs || belongs($0.identity.pid, to: name)
            }
            if left.isEmpty { return }
            guard !deadline.isOver else { throw .timedOut }
            for member in left { try ProcessTable.send(SIGKILL, to: member.identity) }
            try? await Task.sleep(for: .milliseconds(10))
        }
    }

    private func belongs(_ pid: pid_t, to name: String) -> Bool {
        let entry = "\(Variable.service)=\(settings.service)"
        let environment = try? ProcessTable.environment(of: pid, containing: entry)
        return environment?[Substring(Variable.name)] == Substring(name)
            || ProcessTable.outputs(of: pid).contains(log(of: name))
    }

    // MARK: A start that failed

    private static let quietLooks = 5
    private static let strayPatience = Duration.milliseconds(500)

    /// Ends everything that a start has made, wherever it put itself, and looks until nothing more comes: a program that
    /// leaves for the background forks once or twice on its way.
    ///
    /// It carries our variables or writes our log, or it is younger than the start and listens on the port that was
    /// reserved for it.
    /// - Returns: what was ended, the oldest first.
    func endStrays(of attempt: Attempt) async -> [pid_t] {
        let limit = Deadline(after: Self.killTimeout)
        let gentle = Deadline(after: Self.strayPatience)
        var ended: Set<ProcessTable.Identity> = []
        var quiet = 0
        while quiet < Self.quietLooks, !limit.isOver {
            let strays = strays(of: attempt)
            quiet = strays.isEmpty ? quiet + 1 : 0
            for stray in strays {
                let isNew = ended.insert(stray.identity).inserted
                guard isNew || gentle.isOver else { continue }
                _ = try? ProcessTable.send(gentle.isOver ? SIGKILL : SIGTERM, to: stray.identity)
            }
            try? await Task.sleep(for: .milliseconds(20))
        }
        return ended.sorted { ($0.startTime, $0.pid) < ($1.startTime, $1.pid) }.map(\.pid)
    }

    private func strays(of attempt: Attempt) -> [ProcessTable.Status] {
        let running = (try? ProcessTable.running()) ?? []
        let holders = attempt.place.port.flatMap { port in (try? PortHolders())?.holders(of: port) } ?? []
        let listening = Set(holders.map(\.identity))
        return running.filter { process in
            let pid = process.identity.pid
            guard pid != getpid(), process.identity.startTime + 1 >= attempt.began else { return false }
            return listening.contains(process.identity) || belongs(pid, to: attempt.name)
        }
    }
}
