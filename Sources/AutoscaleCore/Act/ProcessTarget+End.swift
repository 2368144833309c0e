import Decisions
import Glibc
import SystemPackage

extension ProcessTarget {
    /// From SIGKILL to the process being gone; one that the kernel holds (a hung disk) takes longer.
    private static let killTimeout = Duration.seconds(2)

    /// SIGTERM to the leader alone (it knows how to end its children), SIGKILL to it and then to whatever is left of its
    /// session.
    /// - Parameter patience: from SIGTERM to SIGKILL; zero: no SIGTERM.
    func end(_ backend: Backend, allowing patience: Duration, before deadline: Deadline) async throws(TargetError) {
        guard let leader = ProcessTable.Identity(backend.id) else {
            throw .unreadable(action: "end \(backend.name)", detail: "\(backend.id) is no process of ours")
        }
        try await end(leader, named: backend.name, allowing: patience, before: deadline)
    }

    func end(
        _ leader: ProcessTable.Identity, named name: String, allowing patience: Duration, before deadline: Deadline
    ) async throws(TargetError) {
        let wasRunning = ProcessTable.isRunning(leader)
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
            try await killSession(of: leader, named: name, isSurelyOurs: wasRunning)
        } catch {
            switch error {
            case .timedOut:
                throw .timedOut(action: "end \(name)", seconds: (patience + Self.killTimeout) / .seconds(1))
            case .notPermitted: throw .notPermitted(address: "process \(leader.pid)", detail: error.description)
            default: throw .refused(action: "end \(name)", status: Int(error.rawValue), message: error.description)
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
    /// itself a member must carry our variables: the session could be another's, whose leader had the number later.
    private func killSession(
        of leader: ProcessTable.Identity, named name: String, isSurelyOurs: Bool
    ) async throws(Errno) {
        let deadline = Deadline(after: Self.killTimeout)
        while true {
            if let status = ProcessTable.status(of: leader.pid), !status.hasEnded { return }
            let left = try ProcessTable.members(ofSession: leader.pid).filter {
                isSurelyOurs || carriesVariables($0.identity.pid, of: name)
            }
            if left.isEmpty { return }
            guard !deadline.isOver else { throw .timedOut }
            for member in left { try ProcessTable.send(SIGKILL, to: member.identity) }
            try? await Task.sleep(for: .milliseconds(10))
        }
    }

    private func carriesVariables(_ pid: pid_t, of name: String) -> Bool {
        let entry = "\(Variable.service)=\(settings.service)"
        let environment = try? ProcessTable.environment(of: pid, containing: entry)
        return environment?[Substring(Variable.name)] == Substring(name)
    }
}
