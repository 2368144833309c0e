/// The course of one run: which effect comes when, and what follows from how it went. The one place that knows the order.
///
/// ```swift
/// var course = FleetCourse(plan, decision, …)
/// while let effect = course.next() { course.happened(await carryOut(effect), at: .now()) }
/// ```
///
/// Pure: what happened and when comes in, the next effect goes out; nothing is read or waited for in here. `monitor` carries
/// the effects out, a dry run answers them as hoped and lists them (`rehearsed`), the simulator answers with whatever can go
/// wrong. A kill is a course that nobody goes on with: each effect is safe to repeat, and the next run finds what was done.
///
/// It is a list of stations still to come. A station gives one effect at most; how that went may put others in front
/// (somebody who ended is removed), or leave only the end (the target is away).
///
/// - A deploy is a `Step` more: take the new one's stations of a step up, and, once it is published, those of a step down for
///   the old one; its place in the list is that of the step.
/// - Queue workers, who get no requests, are a course on which nothing is published, and where everybody is out.
/// - Replay answers with recorded events and compares the effects.
package struct FleetCourse: Equatable, Sendable {
    package let plan: RepairPlan
    package let step: Step?
    /// For the backends that the repairs start, and the last one for the step.
    let names: [String]
    /// When the run began. What it decides is stamped with it.
    let now: Moment
    /// When the last effect was over.
    private(set) var clock: Moment
    /// The memory as it is by now.
    package internal(set) var history: ScalingHistory
    /// What NGINX was last seen to serve; `nil` where that is nothing of ours.
    package internal(set) var served: Set<ServerAddress>?
    /// The same as the run began: its old workers may still try these.
    let servedBefore: Set<ServerAddress>
    /// Ready backends that take requests, or are to take them with the next publication.
    package internal(set) var serving: [Backend]
    /// Started in this run, ready or not.
    var started: [Backend] = []
    /// The names of those of which nothing is left.
    var removed: Set<String> = []
    /// Started, and not waited for yet.
    var newcomers: [Backend] = []
    /// Anything was started, stopped or moved.
    var hasChanged = false
    /// NGINX did not refuse the last publication, or it is time to try again.
    var mayPublish: Bool
    /// NGINX takes what it is given. Else what is missing is started all the same, and neither a step follows nor an end.
    var isTold = true
    private(set) var isInterrupted = false
    var agenda: [Station] = []
    /// The one whose effect is being carried out.
    private var current: Station?

    /// - Parameters:
    ///   - publishes: the file or NGINX is not what the ready backends ask for.
    ///   - mayPublish: NGINX did not refuse the last publication, or it is time to try again.
    ///   - names: free ones: for each backend that the plan starts, and one for the step.
    ///   - served: what NGINX was seen to serve; `nil` where that is nothing of ours.
    package init(
        _ plan: RepairPlan, _ decision: ScalingDecision, publishes: Bool, mayPublish: Bool, names: [String],
        served: Set<ServerAddress>?, at now: Moment
    ) {
        self.plan = plan
        self.names = names
        self.now = now
        self.mayPublish = mayPublish
        self.served = served
        step = plan.step(for: decision)
        clock = now
        servedBefore = served ?? []
        serving = plan.ready
        history = plan.history
        history.streak = decision.streak
        history.hasHeldBack = decision.isHeldBack ? true : nil
        if !publishes { history.publishing = nil }
        for name in names.prefix(plan.start) { history.backends[name] = .init(startingSince: now) }
        agenda = wholeCourse
    }

    private var wholeCourse: [Station] {
        let running = plan.remove.filter(\.runs)
        var stations: [Station] = [.intendRepairs, .remember]
        for backend in plan.remove where !backend.runs { stations += lastWords(of: backend) + [.remove(backend)] }
        stations.append(.tellNGINX)
        stations += plan.restart.map { .restart($0) } + names.prefix(plan.start).map { .start($0) }
        stations += [.awaitReady, .step]
        for backend in running { stations += lastWords(of: backend) + [.dismiss(backend)] }
        stations += plan.retire.map { .dismiss($0) }
        return stations + [.goOnDraining, .close]
    }

    private func lastWords(of backend: Backend) -> [Station] {
        plan.standings.contains { $0.backend == backend && $0.standing == .failed } ? [.tell(.neverReady(backend))] : []
    }

    // MARK: The dialogue

    /// What is to be carried out now; `nil` where the course is over. Whoever gets an effect tells what happened before the next.
    package mutating func next() -> FleetEffect? {
        while !agenda.isEmpty {
            let station = agenda.removeFirst()
            guard let effect = enter(station) else { continue }
            current = station
            return effect
        }
        return nil
    }

    package mutating func happened(_ event: FleetEvent, at time: Moment) {
        clock = time
        guard event != .signalled else {
            isInterrupted = true
            return
        }
        guard let station = current else { return }
        current = nil
        leave(station, event)
    }

    /// Puts stations in front of the rest.
    mutating func putFirst(_ stations: Station...) { agenda.insert(contentsOf: stations, at: 0) }

    /// The rest is left to the next run. What was done is remembered.
    mutating func breakOff() { agenda = [.close] }

    /// After a signal nothing is begun.
    mutating func unlessInterrupted(_ effect: FleetEffect) -> FleetEffect? {
        isInterrupted ? breakOffBySignal() : effect
    }

    mutating func breakOffBySignal() -> FleetEffect? {
        agenda = [.tell(.interrupted), .close]
        return nil
    }

    /// Nothing of it counts, and nothing is written: what was to be done could not be put on disk.
    mutating func giveUp() { agenda = [] }

    /// Whether NGINX is known not to send requests there.
    func isOut(_ backend: Backend) -> Bool {
        guard let served else { return false }
        return backend.address.map { !served.contains($0) } ?? true
    }
}
