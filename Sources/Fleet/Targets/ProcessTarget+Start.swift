package import Decisions
import FoundationEssentials
import Glibc
package import Host
import SystemPackage

extension ProcessTarget {
    /// How long a start is watched: until it listens, or has stayed for half a second, or this is over.
    private static let watch = Duration.seconds(2)
    private static let shortestStay = Duration.milliseconds(200)
    private static let longestStay = Duration.milliseconds(500)

    package func start(
        operation: String, created: Int, sparing served: Set<ServerAddress>, before deadline: Deadline
    ) async throws(TargetError) -> Backend {
        let discovery = try look()
        if let existing = discovery.backends.first(where: { $0.operation == operation }) { return existing }
        guard !deadline.isOver else { throw .timedOut(action: "start \(operation)", seconds: 0) }

        let user = try identity(operation)
        let command = try launchCommand(operation, as: user)
        let name = BackendNames.free(like: operation, beside: Set(discovery.backends.map(\.name)))
        let place = try reservePlace(discovery.backends, sparing: served)
        let log = try openLog(name)
        defer { try? log.file.close() }

        var environment = environment(name: name, operation: operation, created: created, port: place.port)
        if let user { environment.merge(user.environment) { own, _ in own } }
        let attempt = Attempt(name: name, operation: operation, created: created, place: place)
        do throws(ChildProcessFailure) {
            let termination = try await ChildProcess.launch(
                command, environment: environment, workingDirectory: settings.workingDirectory,
                reading: place.channel.held,
                writingTo: log.file, timeout: deadline.limited(.seconds(5)))
            guard termination.isSuccess else { throw .failed(detail: "setsid: \(termination); \(log.lastWords())") }
        } catch {
            _ = await endStrays(of: attempt)
            switch error {
            case .timedOut(let seconds): throw .timedOut(action: "start \(name)", seconds: seconds)
            default: throw .refused(action: "start \(name)", message: error.description)
            }
        }
        let backend = try await confirm(attempt, log, deadline)
        heldPorts.keep(attempt, for: backend.id)
        return backend
    }

    /// One start that is under way.
    struct Attempt: Sendable {
        let name: String
        let operation: String
        let created: Int
        let place: Place
        /// In clock ticks since boot, as processes have it.
        let began = UInt64(BootClock.seconds * Double(sysconf(Int32(_SC_CLK_TCK))))
    }

    /// Where a backend is to be.
    enum Place: Sendable {
        case port(PortReservation)
        /// Nobody sends requests to it.
        case nowhere(StartChannel)

        var port: UInt16? {
            if case .port(let reservation) = self { reservation.port } else { nil }
        }

        var channel: StartChannel {
            switch self {
            case .port(let reservation): reservation.channel
            case .nowhere(let channel): channel
            }
        }
    }

    /// As whom backends run: as the owner of the state folder. Root by hand, once, must not make the application root's.
    private func identity(_ operation: String) throws(TargetError) -> UserIdentity? {
        do throws(Errno) {
            return try UserIdentity(actingFor: settings.stateFolder)
        } catch {
            throw .unreadable(
                action: "start \(operation)",
                detail: "whose \(settings.stateFolder) is can't be seen: \(error)")
        }
    }

    /// Detached by setsid(1), as another user by setpriv(1) (setuid(2) in a forked child of a program with threads waits for
    /// threads that it does not have): a session of its own, and a parent that has ended. Between it and the program stands a shell
    /// that runs nothing of the configuration: it puts the file mode mask back to 022, because what the application
    /// writes (uploads that NGINX serves, say) is not ours to hide, tells its number (to the run by the channel of the start,
    /// its standard input, and to whoever looks later by the environment), and becomes the program. The channel, which
    /// is the reservation of a port, stays open as descriptor 9.
    private func launchCommand(
        _ operation: String, as user: UserIdentity?
    ) throws(TargetError) -> CommandWords {
        do throws(ProgramPathError) {
            let program = try ProgramPath.find(
                settings.command.program, from: settings.workingDirectory, searchPath: settings.environment["PATH"])
            let setsid = try ProgramPath.find("setsid")
            let become = try user.map { user throws(ProgramPathError) in
                [try ProgramPath.find("setpriv").string] + user.privileges
            }
            let shell = ["--fork"] + (become ?? []) + ["/bin/sh", "-c", Self.becoming, "sh", program.string]
            return CommandWords(program: setsid.string, arguments: shell + settings.command.arguments)
        } catch {
            throw .nothingToStart(action: "start \(operation)", detail: error.description)
        }
    }

    private static let becoming =
        #"umask 022; \#(Variable.process)=$$; export \#(Variable.process); echo $$ >&0; exec "$@" 9<&0 </dev/null"#

    private func reservePlace(
        _ backends: [Backend], sparing served: Set<ServerAddress>
    ) throws(TargetError) -> Place {
        if let ports = settings.hostPorts {
            return .port(try reservePort(in: ports, backends, sparing: served))
        }
        do throws(Errno) {
            return .nowhere(try StartChannel())
        } catch {
            throw .refused(action: "start a worker", message: error.description)
        }
    }

    /// A port that nobody has and no other start has chosen. It is looked at again once it is reserved: what another start
    /// had until then may listen by now.
    private func reservePort(
        in ports: ClosedRange<UInt16>, _ backends: [Backend], sparing served: Set<ServerAddress>
    ) throws(TargetError) -> PortReservation {
        let taken = try sockets().listeningPorts.union(backends.compactMap(\.address?.port))
        for port in ports.sparing(served) where !taken.contains(port) && !LocalPort.isTaken(port) {
            let reservation: PortReservation?
            do throws(Errno) {
                reservation = try PortReservation(port)
            } catch {
                throw .refused(action: "reserve port \(port)", message: error.description)
            }
            if let reservation, try !sockets().listeningPorts.contains(port) { return reservation }
        }
        throw .noFreePort(range: "\(ports.lowerBound)-\(ports.upperBound)")
    }

    private func openLog(_ name: String) throws(TargetError) -> ProcessLog {
        try rethrow(try ProcessLog(of: name, in: settings.logFolder), as: TargetError.file)
    }

    /// The run's own environment (PATH, HOME, the time zone: what the application would get from cron itself), then the
    /// application's file, then ours, which must be true. The run's `AUTOSCALE_…` are taken out: they configure this tool,
    /// and a password may be among them.
    private func environment(name: String, operation: String, created: Int, port: UInt16?) -> [String: String?] {
        var environment: [String: String?] = [:]
        for key in ProcessInfo.processInfo.environment.keys where key.hasPrefix("AUTOSCALE_") {
            environment.updateValue(nil, forKey: key)
        }
        for (key, value) in settings.environment { environment[key] = value }
        environment[Variable.service] = settings.service
        environment[Variable.name] = name
        environment[Variable.operation] = operation
        environment[Variable.created] = String(created)
        if let port { environment[Variable.port] = String(port) }
        return environment
    }
}

// MARK: - Watching the start

extension ProcessTarget {
    /// It is remembered as soon as its number is known, and waited for until it listens or has stayed.
    private func confirm(
        _ attempt: Attempt, _ log: ProcessLog, _ deadline: Deadline
    ) async throws(TargetError) -> Backend {
        let began = ContinuousClock.now
        let watch = deadline.within(Self.watch)
        var first: ProcessTable.Identity?
        while true {
            if first == nil, let pid = attempt.place.channel.reportedNumber() {
                first = ProcessTable.status(of: pid)?.identity ?? .init(pid: pid, startTime: 0)
                if let first { try await remember(attempt, first, deadline) }
            }
            let stayed = began.duration(to: .now)
            if let first, ProcessTable.isRunning(first) {
                let backend = attempt.backend(first)
                if stayed >= Self.longestStay || watch.isOver { return backend }
                if stayed >= Self.shortestStay, let port = attempt.place.port, holdsPort(first, port) { return backend }
            } else if stayed >= Self.shortestStay, first != nil || watch.isOver {
                break
            }
            try? await Task.sleep(for: .milliseconds(20))
        }
        let strays = await endStrays(of: attempt)
        throw .didNotStay(name: attempt.name, ended(log, strays))
    }

    private func holdsPort(_ process: ProcessTable.Identity, _ port: UInt16) -> Bool {
        guard let ports = try? PortHolders() else { return false }
        return switch try? ports.verdict(on: port, of: process) {
        case .own, .unseen: true
        case .nobody, .foreign, nil: false
        }
    }

    /// One that can't be written down is ended: a later run might not find it.
    private func remember(
        _ attempt: Attempt, _ process: ProcessTable.Identity, _ deadline: Deadline
    ) async throws(TargetError) {
        guard ProcessTable.isRunning(process), let entry = ProcessMemory.Entry(attempt.backend(process)) else { return }
        do throws(FileFailure) {
            try memory.add(entry)
        } catch {
            try? await end(process, named: attempt.name, allowing: .zero, before: deadline)
            throw .file(error)
        }
    }

    private func ended(_ log: ProcessLog, _ strays: [pid_t]) -> EarlyEnd {
        let said = LastWords.clean(log.lastWords(), settings.environment)
        guard let stray = strays.first else { return .ended(log: log.path, said: said) }
        return .inBackground(stray, log: log.path, said: said)
    }
}

extension ProcessTarget.Attempt {
    fileprivate func backend(_ process: ProcessTable.Identity) -> Backend {
        Backend(
            id: process.description, name: name, origin: .managed(operation: operation), created: created,
            activity: .running, address: place.port.flatMap { .loopback(port: $0) })
    }
}
