import SystemPackage

/// What strace(1) is told to do on entering a call.
enum InjectedFault: CustomStringConvertible {
    case kill
    /// Nobody goes on before SIGCONT.
    case stop
    /// The call is not made and fails with this error, `ENOSPC` say.
    case error(String)

    var description: String {
        switch self {
        case .kill: "SIGKILL"
        case .stop: "SIGSTOP"
        case .error(let name): name
        }
    }

    /// As `-e inject=CALL:…` takes it.
    var option: String {
        switch self {
        case .kill: "signal=KILL"
        case .stop: "signal=STOP"
        case .error(let name): "error=\(name)"
        }
    }
}

/// A place where a run is hurt: on entering the `number`th call of `call` that one of its threads, or of its children's,
/// makes.
///
/// strace(1) counts per thread and per system call, so the same place may be another thread's in the next run.
struct InjectionPoint: CustomStringConvertible {
    let fault: InjectedFault
    /// Or several of a kind, with commas.
    let call: String
    let number: Int

    var description: String { "\(kind) \(number)" }
    fileprivate var kind: String { "\(fault) \(call)" }
}

/// The points of one kind of run, handed out one by one; a call has no more of them once runs passed unhurt.
actor InjectionPoints {
    /// Every how many calls a fault is planned.
    struct Plan {
        let call: String
        var fault = InjectedFault.kill
        var first = 1
        var every = 1

        fileprivate var kind: String { "\(fault) \(call)" }
    }

    private var plans: [Plan]
    /// How many runs in a row must pass: threads take turns, and the same call may be another one's first or second.
    private let passesNeeded: Int
    private var passes: [String: Int] = [:]
    private var next: [String: Int] = [:]
    private var turn = 0
    private(set) var hits = 0
    /// Hits whose exit status strace did not tell.
    private(set) var unjudged = 0
    private(set) var violations: [String] = []

    init(_ plans: [Plan], passes: Int) {
        self.plans = plans
        passesNeeded = passes
    }

    /// The calls take turns; `nil` when all of them are through.
    func take() -> InjectionPoint? {
        guard !plans.isEmpty else { return nil }
        turn = (turn + 1) % plans.count
        let plan = plans[turn]
        let number = next[plan.kind] ?? plan.first
        next[plan.kind] = number + plan.every
        return InjectionPoint(fault: plan.fault, call: plan.call, number: number)
    }

    func missedStatus() { unjudged += 1 }

    func report(_ violation: String) { violations.append(violation) }

    func ended(_ point: InjectionPoint, hit: Bool) {
        hits += hit ? 1 : 0
        passes[point.kind] = hit ? 0 : passes[point.kind, default: 0] + 1
        if passes[point.kind] == passesNeeded { plans.removeAll { $0.kind == point.kind } }
    }
}
