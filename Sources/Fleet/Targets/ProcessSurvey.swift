import Decisions
import Glibc
import Host

/// What a process says about the backend it belongs to.
struct BackendVariables {
    let name: String
    let operation: String
    let created: Int
    let port: UInt16?
    /// The process that was started; what it has started carries the same number. `nil` where an older version started it, or
    /// the log alone tells the name.
    let first: pid_t?

    /// `nil` where they are not those of a backend.
    init?(_ environment: [Substring: Substring]) {
        typealias Variable = ProcessTarget.Variable
        guard let name = environment[Substring(Variable.name)], Backend.isProcessName(name),
            let created = environment[Substring(Variable.created)].flatMap({ Int($0) })
        else { return nil }
        let operation = environment[Substring(Variable.operation)] ?? name
        guard Backend.isProcessName(operation) else { return nil }
        self.name = String(name)
        self.operation = String(operation)
        self.created = created
        port = environment[Substring(Variable.port)].flatMap { UInt16($0) }
        first = environment[Substring(Variable.process)].flatMap { pid_t($0) }
    }

    /// - Parameter name: of the log that it writes, without its ending.
    init(logName name: String, created: Int) {
        self.name = name
        operation = name
        self.created = created
        port = nil
        first = nil
    }
}

/// Sorts the processes of one look into backends and what they have left behind.
struct ProcessSurvey {
    let remembered: [ProcessMemory.Entry]
    /// Somebody sends requests to backends. A worker's `PORT`, if it has one, is its own business.
    let isAddressed: Bool
    private(set) var backends: [String: Backend] = [:]
    var warnings: [DiscoveryWarning] = []
    private var left: [String: [(process: ProcessTable.Status, variables: BackendVariables)]] = [:]
    private var found: Set<String> = []

    init(remembered: [ProcessMemory.Entry], isAddressed: Bool) {
        self.remembered = remembered
        self.isAddressed = isAddressed
    }

    var discovery: Discovery { Discovery(backends: Array(backends.values), warnings: warnings) }
    var needsPorts: Bool { !backends.isEmpty || !left.isEmpty }

    func hasFound(_ process: ProcessTable.Identity) -> Bool { found.contains(process.description) }

    mutating func add(_ backend: Backend) {
        backends[backend.name] = backend
        found.insert(backend.id)
    }

    /// The oldest first: a helper that a backend of an older version started in a session of its own carries the same name
    /// and no other number.
    mutating func sort(_ leader: ProcessTable.Status, _ trace: ProcessTarget.Trace) {
        switch trace {
        case .stranger: return
        case .hidden(let why): warnings.append(why)
        case .ours(let variables):
            if let living = backends[variables.name] {
                guard variables.first == nil else { return }  // a job of it, by its own number
                warnings.append(.sameVariables(leader.identity.pid, name: living.name, process: living.id))
            } else if isFirst(leader.identity, variables) {
                add(Backend(leader.identity, variables, isAddressed: isAddressed))
            } else {
                leave(leader, variables)
            }
        }
    }

    /// Whether it is the process that was started, and not one that this has started.
    private func isFirst(_ process: ProcessTable.Identity, _ variables: BackendVariables) -> Bool {
        if let first = variables.first { return first == process.pid }
        return !remembered.contains { $0.name == variables.name }
    }

    mutating func leave(_ process: ProcessTable.Status, _ variables: BackendVariables) {
        left[variables.name, default: []].append((process, variables))
    }

    /// A process that is known by its log alone has the port that it listens on.
    mutating func findAddresses(_ ports: PortHolders, in range: ClosedRange<UInt16>) {
        for backend in backends.values where backend.address == nil {
            guard let process = ProcessTable.Identity(backend.id),
                let port = range.first(where: { (try? ports.verdict(on: $0, of: process)) == .own })
            else { continue }
            backends[backend.name] = backend.at(.loopback(port: port))
        }
    }

    /// Of a backend whose first process has ended, what holds its port is the backend: nothing that serves is missed, and
    /// replaced again and again. A job holds none, and is no backend.
    mutating func adoptHolders(_ ports: PortHolders) {
        for (name, processes) in left.sorted(by: { $0.key < $1.key }) where backends[name] == nil {
            let port = processes.lazy.compactMap(\.variables.port).first
            let holder = processes.map(\.process).oldestFirst.first { process in
                guard let port else { return false }
                return (try? ports.verdict(on: port, of: process.identity)) == .own
            }
            let oldest = processes[0].process.identity.pid
            if let holder, let variables = processes.first(where: { $0.variables.port != nil })?.variables {
                add(Backend(holder.identity, variables, isAddressed: isAddressed))
                warnings.append(.inBackground(name, holder.identity.pid))
            } else {
                warnings.append(.left(oldest, by: name))
            }
        }
    }
}

extension Backend {
    init(_ process: ProcessTable.Identity, _ variables: BackendVariables, isAddressed: Bool) {
        self.init(
            id: process.description, name: variables.name, origin: .managed(operation: variables.operation),
            created: variables.created, activity: .running,
            address: isAddressed ? variables.port.flatMap { .loopback(port: $0) } : nil)
    }

    init(_ entry: ProcessMemory.Entry, isAddressed: Bool) {
        self.init(
            id: entry.process, name: entry.name, origin: .managed(operation: entry.operation), created: entry.created,
            activity: .running, address: isAddressed ? entry.port.flatMap { .loopback(port: $0) } : nil)
    }

    func at(_ address: ServerAddress?) -> Backend {
        Backend(id: id, name: name, origin: origin, created: created, activity: activity, address: address)
    }

    /// It names a file, and is printed.
    static func isProcessName(_ text: Substring) -> Bool {
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

    /// When a backend of such a name was made: `<BACKEND_NAME>_<unix time>`, perhaps with `_2` behind it.
    static func time(in name: String, _ settings: ProcessTarget.Settings) -> Int? {
        guard name.hasPrefix(settings.namePrefix + "_"), isProcessName(name[...]) else { return nil }
        let numbers = name.dropFirst(settings.namePrefix.utf8.count + 1).split(
            separator: "_", omittingEmptySubsequences: false)
        guard numbers.count <= 2, numbers.allSatisfy({ Int($0) != nil }) else { return nil }
        return numbers.first.flatMap { Int($0) }
    }
}
