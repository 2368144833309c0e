@testable import Decisions

/// Breadth first, every reading, every kill and every SIGTERM, every event outside, up to a depth in runs.
struct Exploration {
    private(set) var states = 0
    private(set) var runs = 0
    private(set) var slowest = 0
    /// With the way that led there; the first few.
    private(set) var violations: [String] = []
    private var kinds: Set<String> = []
    private var seen: Set<Fingerprint> = []

    private struct Node {
        var world: SimulatedWorld
        var way: [String]
    }

    init(
        from world: SimulatedWorld, depth: Int, bug: PlantedBug? = nil,
        events: (SimulatedWorld) -> [OutsideEvent]
    ) {
        var frontier = [Node(world: world, way: [])]
        for level in 1...depth {
            var next: [Node] = []
            for node in frontier {
                for (name, readings) in [("up", [Metric: Reading].high), ("down", .low), ("hold", .quiet)] {
                    for end in ends(of: node, readings, name, bug) {
                        for event in events(end.world) {
                            visit(end, event, bug, keeping: level < depth, &next)
                        }
                    }
                }
            }
            frontier = next
        }
    }

    /// The worlds that one run can leave: carried out, killed before each effect, or ended by SIGTERM before each.
    private mutating func ends(
        of node: Node, _ readings: [Metric: Reading], _ name: String, _ bug: PlantedBug?
    ) -> [Node] {
        let whole = SimulatedRun(node.world, readings: readings, bug: bug)
        note(whole, node.way + [name])
        var ends = [Node(world: whole.world, way: node.way + [name])]
        for (number, world) in whole.beforeEffects.enumerated() {
            ends.append(Node(world: world, way: node.way + ["\(name), killed before \(whole.effects[number])"]))
            let way = node.way + ["\(name), SIGTERM before \(whole.effects[number])"]
            let terminated = SimulatedRun(node.world, readings: readings, terminatedBefore: number, bug: bug)
            note(terminated, way)
            ends.append(Node(world: terminated.world, way: way))
        }
        return ends
    }

    private mutating func visit(
        _ end: Node, _ event: OutsideEvent, _ bug: PlantedBug?, keeping: Bool, _ next: inout [Node]
    ) {
        var node = Node(world: end.world, way: end.way + ["\(event)"])
        node.world.suffer(event)
        node.world.clock.waitForTick()
        guard seen.insert(Fingerprint(node.world)).inserted else { return }
        states += 1
        let convergence = Convergence(of: node.world, bug: bug)
        runs += convergence.runs ?? Convergence.patience
        slowest = max(slowest, convergence.runs ?? 0)
        note(convergence.violations, node.way)
        if keeping { next.append(node) }
    }

    private mutating func note(_ run: SimulatedRun, _ way: [String]) {
        runs += 1
        note(run.violations, way)
    }

    private mutating func note(_ found: [String], _ way: [String]) {
        guard !found.isEmpty, kinds.insert(found[0].filter { !$0.isNumber }).inserted else { return }
        violations.append("\(way.joined(separator: " | ")): \(found.joined(separator: "; "))")
    }
}
