/// The kill points of one kind of run, handed out one by one; a call has no more of them once a run passed unkilled.
actor KillPoints {
    /// Every how many calls a kill is planned.
    struct Plan {
        let call: String
        let first: Int
        let every: Int
    }

    private var plans: [Plan]
    private var next: [String: Int] = [:]
    private var turn = 0
    private(set) var killed = 0
    private(set) var violations: [String] = []
    /// Those that were killed, by call.
    private(set) var perCall: [String: Int] = [:]

    init(_ plans: [Plan]) {
        self.plans = plans
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
        if wasKilled {
            killed += 1
            perCall[point.call, default: 0] += 1
        } else {
            plans.removeAll { $0.call == point.call }
        }
    }
}
