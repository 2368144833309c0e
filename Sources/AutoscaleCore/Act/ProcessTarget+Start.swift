package import Decisions
import FoundationEssentials
import SystemPackage

extension ProcessTarget {
    /// How long a start is watched: until it listens, or has stayed for half a second, or this is over.
    private static let watch = Duration.seconds(2)
    private static let shortestStay = Duration.milliseconds(200)
    private static let longestStay = Duration.milliseconds(500)
    /// In a row, 20 ms apart. A process that becomes another program (execve(2)) has no environment for a moment, and the
    /// backend has to become two after setsid.
    private static let looksThatAgree = 5

    package func start(
        operation: String, created: Int, sparing served: Set<ServerAddress>, before deadline: Deadline
    ) async throws(TargetError) -> Backend {
        let discovery = try look()
        if let existing = discovery.backends.first(where: { $0.operation == operation }) { return existing }
        guard !deadline.isOver else { throw .timedOut(action: "start \(operation)", seconds: 0) }

        let command = try launchCommand(operation)
        let name = Self.freeName(operation, discovery.backends)
        let port = try freePort(discovery.backends, sparing: served)
        let log = try openLog(name)
        defer { try? log.file.close() }

        let environment = environment(name: name, operation: operation, created: created, port: port)
        do throws(ChildProcessFailure) {
            let termination = try await ChildProcess.launch(
                command, environment: environment, workingDirectory: settings.workingDirectory,
                writingTo: log.file, timeout: deadline.limited(.seconds(5)))
            guard termination.isSuccess else { throw .failed(detail: "setsid: \(termination); \(log.lastWords())") }
        } catch {
            await endStray(log, name, deadline)
            switch error {
            case .timedOut(let seconds): throw .timedOut(action: "start \(name)", seconds: seconds)
            default: throw .refused(action: "start \(name)", status: 0, message: error.description)
            }
        }
        return try await confirm(name, port, log, deadline)
    }

    /// Detached by setsid(1): a session of its own, and a parent that has ended. Between it and the program stands a shell
    /// that runs nothing of the configuration: it puts the file mode mask back to 022, because what the application
    /// writes (uploads that NGINX serves, say) is not ours to hide, and becomes the program.
    private func launchCommand(_ operation: String) throws(TargetError) -> CommandWords {
        do throws(ProgramPathError) {
            let program = try ProgramPath.find(
                settings.command.program, from: settings.workingDirectory, searchPath: settings.environment["PATH"])
            let setsid = try ProgramPath.find("setsid")
            let shell = ["--fork", "/bin/sh", "-c", #"umask 022; exec "$@""#, "sh", program.string]
            return CommandWords(program: setsid.string, arguments: shell + settings.command.arguments)
        } catch {
            let status =
                switch error {  // what a shell says in these cases
                case .notFound: 127
                case .notExecutable: 126
                }
            throw .refused(action: "start \(operation)", status: status, message: error.description)
        }
    }

    /// The name is the operation's, unless a backend of another operation has it (row B4).
    private static func freeName(_ operation: String, _ backends: [Backend]) -> String {
        let names = Set(backends.map(\.name))
        var name = operation
        var number = 2
        while names.contains(name) {
            name = "\(operation)_\(number)"
            number += 1
        }
        return name
    }

    private func freePort(
        _ backends: [Backend], sparing served: Set<ServerAddress>
    ) throws(TargetError) -> UInt16 {
        let taken = try sockets().listeningPorts.union(backends.compactMap(\.address?.port))
        guard
            let port = settings.hostPorts.sparing(served).first(where: { !taken.contains($0) && !LocalPort.isTaken($0) }
            )
        else {
            throw .noFreePort(range: "\(settings.hostPorts.lowerBound)-\(settings.hostPorts.upperBound)")
        }
        return port
    }

    private func openLog(_ name: String) throws(TargetError) -> ProcessLog {
        do throws(FileFailure) {
            return try ProcessLog(of: name, in: settings.logFolder)
        } catch {
            throw .file(error)
        }
    }

    /// The run's own environment (PATH, HOME, the time zone: what the application would get from cron itself), then the
    /// application's file, then ours, which must be true. The run's `AUTOSCALE_…` are taken out: they configure this tool,
    /// and a password may be among them.
    private func environment(name: String, operation: String, created: Int, port: UInt16) -> [String: String?] {
        var environment: [String: String?] = [:]
        for key in ProcessInfo.processInfo.environment.keys where key.hasPrefix("AUTOSCALE_") {
            environment.updateValue(nil, forKey: key)
        }
        for (key, value) in settings.environment { environment[key] = value }
        environment[Variable.service] = settings.service
        environment[Variable.name] = name
        environment[Variable.operation] = operation
        environment[Variable.created] = String(created)
        environment[Variable.port] = String(port)
        return environment
    }
}

// MARK: - Watching the start

extension ProcessTarget {
    /// A later run finds a backend by its variables only, so this one waits until it has found it that way itself.
    private func confirm(
        _ name: String, _ port: UInt16, _ log: ProcessLog, _ deadline: Deadline
    ) async throws(TargetError) -> Backend {
        let began = ContinuousClock.now
        let watch = deadline.within(Self.watch)
        var seen: ProcessTable.Identity?
        var unseen = 0
        while true {
            let backend = try look().backends.first { $0.name == name }
            let stayed = began.duration(to: .now)
            if let backend {
                seen = ProcessTable.Identity(backend.id)
                unseen = 0
                if stayed >= Self.longestStay || watch.isOver { return backend }
                if stayed >= Self.shortestStay, try sockets().listeningPorts.contains(port) { return backend }
            } else if stayed >= Self.shortestStay || watch.isOver {
                let writers = writers(to: log)
                let hidden = seen.flatMap { ProcessTable.isRunning($0) ? $0 : nil } ?? writers.leader
                unseen += 1
                if let hidden {
                    if unseen >= Self.looksThatAgree { try await refuse(hidden, name, deadline) }
                } else if writers.isEmpty || watch.isOver {
                    break
                }
            }
            try? await Task.sleep(for: .milliseconds(20))
        }
        if let seen { try await end(seen, named: name, allowing: .zero, before: deadline) }
        throw .didNotStay(name: name, detail: ended(log))
    }

    private func refuse(
        _ process: ProcessTable.Identity, _ name: String, _ deadline: Deadline
    ) async throws(TargetError) -> Never {
        try await end(process, named: name, allowing: .zero, before: deadline)
        throw .didNotStay(
            name: name,
            detail: "it replaces its environment, so no later run could find it again, and was ended (process "
                + "\(process.pid)); start it without env -i, and without a title of its own (setproctitle)")
    }

    private func ended(_ log: ProcessLog) -> String {
        let words = log.lastWords()
        return words.isEmpty
            ? "it ended at once and wrote nothing to \(log.path)" : "it ended at once; the end of \(log.path): \(words)"
    }

    /// Processes whose standard output is the log: what can be found of a backend that no variable tells.
    private func writers(to log: ProcessLog) -> [ProcessTable.Status] {
        let running = (try? ProcessTable.running()) ?? []
        return running.filter { ProcessTable.isWriting($0.identity.pid, to: log.file) }
    }

    /// After a start that failed half-way: nothing of it stays.
    private func endStray(_ log: ProcessLog, _ name: String, _ deadline: Deadline) async {
        guard let stray = writers(to: log).leader else { return }
        try? await end(stray, named: name, allowing: .zero, before: deadline)
    }
}

extension [ProcessTable.Status] {
    fileprivate var leader: ProcessTable.Identity? { first(where: \.isSessionLeader)?.identity }
}
