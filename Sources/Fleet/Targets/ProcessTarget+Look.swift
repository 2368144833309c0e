package import Decisions
import Glibc
package import Host
import SystemPackage

extension ProcessTarget {
    /// One look at /proc. Files are read of session leaders, and of what has none.
    func look() throws(TargetError) -> Discovery {
        let sessions: ProcessTable.Sessions
        do throws(Errno) {
            sessions = try ProcessTable.sessions()
        } catch {
            throw .unreadable(action: "list /proc", detail: error.description)
        }
        var survey = ProcessSurvey(remembered: memory.entries(), isAddressed: isAddressed)
        for entry in survey.remembered where entry.isRunning && isTrusted(entry) {
            survey.add(Backend(entry, isAddressed: isAddressed))
        }
        for leader in sessions.leaders.oldestFirst where !survey.hasFound(leader.identity) {
            survey.sort(leader, trace(of: leader.identity.pid))
        }
        for process in sessions.leaderless.oldestFirst where !survey.hasFound(process.identity) {
            if case .ours(let variables) = trace(of: process.identity.pid) { survey.leave(process, variables) }
        }
        guard survey.needsPorts, let ports = try? PortHolders() else { return survey.discovery }
        if let range = settings.hostPorts { survey.findAddresses(ports, in: range) }
        survey.adoptHolders(ports)
        for backend in survey.backends.values.sorted(by: { $0.name < $1.name }) {
            if let warning = doubt(backend, ports) { survey.warnings.append(warning) }
        }
        return survey.discovery
    }

    /// Whether somebody sends requests to backends.
    private var isAddressed: Bool { settings.hostPorts != nil }

    /// What tells whose a process is.
    enum Trace {
        case stranger
        case ours(BackendVariables)
        /// Perhaps ours; with why it is not known.
        case hidden(DiscoveryWarning)
    }

    private func trace(of pid: pid_t) -> Trace {
        do throws(Errno) {
            let entry = "\(Variable.service)=\(settings.service)"
            guard let environment = try ProcessTable.environment(of: pid, containing: entry) else {
                return variables(byLogOf: pid).map { .ours($0) } ?? .stranger
            }
            guard let variables = BackendVariables(environment), variables.port != nil || !isAddressed else {
                return .stranger
            }
            guard isOurs(pid, variables.name) else {
                return .hidden(.notStartedByUs(pid, user: ProcessTable.user(of: pid), service: settings.service))
            }
            return .ours(variables)
        } catch {
            guard runsCommand(pid) else { return .stranger }
            return .hidden(
                .notToBeSeen(
                    pid, user: ProcessTable.user(of: pid), program: settings.command.program, error))
        }
    }

    /// Another user's process is seen by root only, and anybody may put our variables into an environment: it is taken
    /// for a backend that gave up root's rights only if its log is there, in a folder where nobody else can make one.
    private func isOurs(_ pid: pid_t, _ name: String) -> Bool {
        ProcessTable.user(of: pid) == geteuid() || access(log(of: name).string, F_OK) == 0
    }

    /// The memory lies in a folder that root may share with its owner, who could write any process of anybody's into it.
    private func isTrusted(_ entry: ProcessMemory.Entry) -> Bool {
        guard geteuid() == 0, let pid = entry.identity?.pid else { return true }
        let owner = (try? FileOwnership(of: settings.stateFolder, followingLinks: true))?.uid
        return owner == 0 || ProcessTable.user(of: pid) == owner
            || ProcessTable.outputs(of: pid).contains(log(of: entry.name))
    }

    func log(of name: String) -> FilePath { settings.logFolder.appending(name + ".log") }

    /// The backend whose log a process writes: what is left where a title has overwritten the environment.
    private func variables(byLogOf pid: pid_t) -> BackendVariables? {
        for path in ProcessTable.outputs(of: pid) where path.removingLastComponent() == settings.logFolder {
            guard let file = path.lastComponent, file.extension == "log",
                let created = Backend.time(in: file.stem, settings)
            else { continue }
            return BackendVariables(logName: file.stem, created: created)
        }
        return nil
    }

    private func runsCommand(_ pid: pid_t) -> Bool { settings.command.isRun(by: ProcessTable.commandLine(of: pid)) }
}

// MARK: Ports

extension ProcessTarget {
    /// What is not in order about the port of a backend.
    private func doubt(_ backend: Backend, _ ports: PortHolders) -> DiscoveryWarning? {
        guard let process = ProcessTable.Identity(backend.id), let port = backend.address?.port else { return nil }
        switch try? ports.verdict(on: port, of: process) {
        case .own, .nobody, nil: return nil
        case .unseen(let pid):
            return .portNotToBeSeen(backend.name, process.pid, user: ProcessTable.user(of: pid), port: port)
        case .foreign(let listener): return .portHeld(backend.name, ports.holder(of: listener, on: port))
        }
    }

    package func impostors(among backends: [Backend]) -> [String: ForeignHolder] {
        guard !backends.isEmpty, let ports = try? PortHolders() else { return [:] }
        var found: [String: ForeignHolder] = [:]
        for backend in backends {
            guard let process = ProcessTable.Identity(backend.id), let port = backend.address?.port,
                case .foreign(let listener) = try? ports.verdict(on: port, of: process)
            else { continue }
            found[backend.id] = ports.holder(of: listener, on: port)
        }
        return found
    }

    package func strangers(
        at addresses: Set<ServerAddress>, beside backends: [Backend], before deadline: Deadline
    ) async throws(TargetError) -> Set<ServerAddress> {
        let impostors = impostors(among: backends)
        let own = Set(backends.filter { impostors[$0.id] == nil }.compactMap(\.address))
        let listening = try sockets().listeningPorts
        return addresses.filter { !own.contains($0) && listening.contains($0.port) }
    }
}

extension CommandWords {
    /// Whether these are the same words, behind an interpreter, too. Byte for byte: whose process has them chooses words that
    /// take as long to compare as text as it likes.
    package func isRun(by words: [Substring]) -> Bool {
        (0...1).contains { skipped in
            guard let found = words.dropFirst(skipped).first else { return false }
            return Self.file(found.utf8).elementsEqual(Self.file(program[...].utf8))
                && words.dropFirst(skipped + 1).elementsEqual(arguments) { $0.utf8.elementsEqual($1.utf8) }
        }
    }

    /// What stands behind the last `/`.
    private static func file(_ path: Substring.UTF8View) -> Substring.UTF8View {
        path.lastIndex(of: UInt8(ascii: "/")).map { path[path.index(after: $0)...] } ?? path
    }
}
