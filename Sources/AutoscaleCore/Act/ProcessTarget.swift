package import Decisions
import Glibc
package import SystemPackage

/// Backends that are plain processes of this host.
///
/// A backend is a *session leader* with our variables in its environment (row B11): that is what a later run can find
/// again without any file, and a child that it forks carries the same variables and leads no session. Nothing exited is
/// ever listed, because a process leaves nothing behind but its log.
package struct ProcessTarget: ScalingTarget {
    package struct Settings: Sendable {
        package let service: String
        package let command: CommandWords
        /// What `BACKEND_ENV_FILE` holds.
        package let environment: [String: String]
        package let hostPorts: ClosedRange<UInt16>
        package let logFolder: FilePath
        package let workingDirectory: FilePath
        /// From SIGTERM to SIGKILL.
        package let stopTimeout: Duration

        package init(
            service: String, command: CommandWords, environment: [String: String] = [:],
            hostPorts: ClosedRange<UInt16>, logFolder: FilePath, workingDirectory: FilePath, stopTimeout: Duration
        ) {
            self.service = service
            self.command = command
            self.environment = environment
            self.hostPorts = hostPorts
            self.logFolder = logFolder
            self.workingDirectory = workingDirectory
            self.stopTimeout = stopTimeout
        }
    }

    /// What a backend carries in its environment; `PORT` is the only one that it has to read.
    enum Variable {
        static let service = "AUTOSCALE_SERVICE"
        static let name = "AUTOSCALE_NAME"
        static let operation = "AUTOSCALE_OP"
        static let created = "AUTOSCALE_CREATED"
        static let port = "PORT"
    }

    let settings: Settings

    package init(_ settings: Settings) {
        self.settings = settings
    }

    package func discover(before deadline: Deadline) async throws(TargetError) -> Discovery {
        try look()
    }

    package func restart(_ backend: Backend, before deadline: Deadline) async throws(TargetError) -> Backend {
        throw .refused(
            action: "restart \(backend.name)", status: 0,
            message: "a process that has ended leaves nothing to start again; a new one takes its place")
    }

    package func stop(_ backend: Backend, before deadline: Deadline) async throws(TargetError) {
        try await end(backend, allowing: settings.stopTimeout, before: deadline)
    }

    /// Its log stays: it tells why.
    package func remove(_ backend: Backend, before deadline: Deadline) async throws(TargetError) {
        try await end(backend, allowing: .zero, before: deadline)
    }

    /// Both ends of a connection on this host are in its table; the client's end has another local port.
    package func establishedConnections(
        of backend: Backend, before deadline: Deadline
    ) async throws(TargetError) -> Int {
        guard let port = backend.address?.port else { return 0 }
        return try sockets().established(onPort: port)
    }

    func sockets() throws(TargetError) -> SocketTable {
        do throws(Errno) {
            return try SocketTable()
        } catch {
            throw .unreadable(action: "read /proc/self/net/tcp", detail: error.description)
        }
    }
}

// MARK: - Looking

extension ProcessTarget {
    /// One look at /proc: files are read for session leaders only.
    func look() throws(TargetError) -> Discovery {
        let found: [ProcessTable.Status]
        do throws(Errno) {
            found = try ProcessTable.sessionLeaders()
        } catch {
            throw .unreadable(action: "list /proc", detail: error.description)
        }
        var backends: [String: Backend] = [:]
        var warnings: [String] = []
        // The oldest first: a helper that a backend started in a session of its own carries the same name, and is younger.
        let leaders = found.sorted {
            ($0.identity.startTime, $0.identity.pid) < ($1.identity.startTime, $1.identity.pid)
        }
        for leader in leaders {
            switch sight(of: leader) {
            case .stranger: continue
            case .hidden(let warning): warnings.append(warning)
            case .backend(let backend):
                if let older = backends[backend.name] {
                    let pid = leader.identity.pid
                    warnings.append(
                        "process \(pid) carries the variables of \(older.name) (\(older.id)) and is not counted")
                } else {
                    backends[backend.name] = backend
                }
            }
        }
        return Discovery(backends: Array(backends.values), warnings: warnings)
    }

    private enum Sight {
        case stranger
        case backend(Backend)
        case hidden(warning: String)
    }

    private func sight(of leader: ProcessTable.Status) -> Sight {
        let pid = leader.identity.pid
        do throws(Errno) {
            let entry = "\(Variable.service)=\(settings.service)"
            guard let environment = try ProcessTable.environment(of: pid, containing: entry),
                let backend = Backend(environment, leader.identity)
            else { return .stranger }
            guard isOurs(pid, backend.name) else {
                return .hidden(
                    warning: "process \(pid) of user \(user(of: pid)) carries the variables of \(settings.service) "
                        + "and was not started by us: it is left alone")
            }
            return .backend(backend)
        } catch {
            guard runsCommand(pid) else { return .stranger }
            return .hidden(
                warning: "process \(pid) runs \(settings.command.program) and belongs to user \(user(of: pid)): "
                    + "it can't be looked at (\(error)); run as that user, or end it")
        }
    }

    /// Another user's process is seen by root only, and anybody may put our variables into an environment: it is taken
    /// for a backend that gave up root's rights only if its log is there, in a folder where nobody else can make one.
    private func isOurs(_ pid: pid_t, _ name: String) -> Bool {
        ProcessTable.user(of: pid) == geteuid()
            || access(settings.logFolder.appending(name + ".log").string, F_OK) == 0
    }

    private func user(of pid: pid_t) -> String {
        ProcessTable.user(of: pid).map(String.init) ?? "unknown"
    }

    private func runsCommand(_ pid: pid_t) -> Bool { settings.command.isRun(by: ProcessTable.commandLine(of: pid)) }
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

extension Backend {
    /// `nil` where the variables are not those of a backend.
    fileprivate init?(_ environment: [Substring: Substring], _ identity: ProcessTable.Identity) {
        typealias Variable = ProcessTarget.Variable
        guard let name = environment[Substring(Variable.name)], Self.isName(name),
            let created = environment[Substring(Variable.created)].flatMap({ Int($0) }),
            let port = environment[Substring(Variable.port)].flatMap({ UInt16($0) })
        else { return nil }
        let operation = environment[Substring(Variable.operation)] ?? name
        guard Self.isName(operation) else { return nil }
        self.init(
            id: identity.description, name: String(name), origin: .managed(operation: String(operation)),
            created: created, activity: .running, address: .loopback(port: port))
    }

    /// It names a file, and is printed.
    private static func isName(_ text: Substring) -> Bool {
        (1...200).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                switch $0 {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
