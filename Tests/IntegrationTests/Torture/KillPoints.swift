/// The kill points of one kind of run, handed out one by one; a call has no more of them once runs passed unkilled.
actor KillPoints {
    /// Every how many calls a kill is planned.
    struct Plan {
        let call: String
        var first = 1
        var every = 1
    }

    private var plans: [Plan]
    /// How many runs in a row must pass: threads take turns, and the same call may be another one's first or second.
    private let passesNeeded: Int
    private var passes: [String: Int] = [:]
    private var next: [String: Int] = [:]
    private var turn = 0
    private(set) var killed = 0
    private(set) var violations: [String] = []

    init(_ plans: [Plan], passes: Int) {
        self.plans = plans
        passesNeeded = passes
    }

    /// The calls take turns; `nil` when all of them are through.
    func take() -> KillPoint? {
        guard !plans.isEmpty else { return nil }
        turn = (turn + 1) % plans.count
        let plan = plans[turn]
        let number = next[plan.call] ?? plan.first
        next[plan.call] = number + plan.every
        return KillPoint(call: plan.call, number: number)
    }

    func report(_ violation: String) { violations.append(violation) }

    func ended(_ point: KillPoint, killed wasKilled: Bool) {
        killed += wasKilled ? 1 : 0
        passes[point.call] = wasKilled ? 0 : passes[point.call, default: 0] + 1
        if passes[point.call] == passesNeeded { plans.removeAll { $0.call == point.call } }
    }
}
