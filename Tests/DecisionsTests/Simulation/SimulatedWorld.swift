@testable import Decisions

/// Everything outside of the program: backends, NGINX, the files on disk, the clocks.
struct SimulatedWorld {
    /// What becomes of a backend that is started, while its run waits for it.
    enum StartOutcome: Int {
        case ready
        case slow
        /// It runs and never listens.
        case sick
        case ends
    }

    enum TargetFault: Int {
        case refused
        /// The target does not answer, and does nothing.
        case timedOut
        /// The target does not answer, and does it all the same.
        case timedOutButDone
    }

    enum Memory: Equatable {
        case none
        case broken
        case kept(ScalingHistory)
    }

    enum Target {
        /// Containers: what ended is still listed.
        case containers
        /// Processes leave nothing behind, and their port is free at once.
        case processes
    }

    let target: Target
    /// Whether there is an NGINX at all.
    var isPublished = true
    var backends: [SimulatedBackend] = []
    var nginx = SimulatedNginx()
    var memory = Memory.none
    var clock = SimulatedClock()
    var bounds: ClosedRange<Int>
    var starts = StartOutcome.ready
    /// Hits the next effect on the target, once.
    var fault: TargetFault?
    /// The start of the run that made the last step, in true time, as the judge remembers it; `nil` where the state
    /// file was lost since, because the cooldown is lost with it.
    var steppedAt: Int?
    /// Publications that NGINX did not take, one after the other, when the last of them was tried, and what was found.
    var failedPublications = 0
    var publicationFailedAt: Int?
    var failedOver: SimulatedNginx?
    /// Those that a run asked to end and that did not: they never come back, while the state file lives.
    var asked: Set<String> = []
    /// Runs in a row in which a step up was asked for and waited for a repair or a publication, as the judge counts them.
    var heldBack = 0

    /// The oldest first, as a target lists them.
    var discovered: [ObservedBackend] {
        backends.sorted { ($0.created, $0.name) < ($1.created, $1.name) }.map(\.observed)
    }

    func index(_ name: String) -> Int? { backends.firstIndex { $0.name == name } }

    var running: Ports { backends.reduce(into: []) { if $1.isRunning { $0.insert($1.port) } } }
    var inService: Ports { backends.reduce(into: []) { if $1.isInService { $0.insert($1.port) } } }
    var live: Ports { backends.reduce(into: []) { if $1.isLive { $0.insert($1.port) } } }
    var served: Ports { nginx.served ?? [] }
    /// Those that do what they are there for.
    var atWork: Ports { isPublished ? served.intersection(live) : live }

    /// The lowest port that no container holds, as the target picks it.
    var freeSlot: Int {
        let taken = backends.reduce(into: Ports()) { $0.insert($1.port) }
        return (~taken.rawValue).trailingZeroBitCount
    }

    mutating func add(_ name: String, isManaged: Bool = true, activity: Backend.Activity = .running) {
        asked.remove(name)  // that was another one of its name
        backends.append(
            SimulatedBackend(
                name: name, slot: freeSlot, created: clock.now.wall, isManaged: isManaged, isWorker: !isPublished,
                activity: activity))
    }

    /// Draws the conclusions of any change: who serves, who does no longer, who is gone.
    mutating func settle() {
        if target == .processes { backends.removeAll { ![.running, .frozen].contains($0.activity) } }
        for index in backends.indices {
            if backends[index].isLive {
                backends[index].startedAt = nil
                backends[index].rebootedAt = nil
            }
            if !backends[index].runs { backends[index].isBusy = false }
            if served.contains(backends[index].port) {
                backends[index].wasServed = true
                backends[index].leftAt = nil
            } else if backends[index].wasServed, backends[index].leftAt == nil {
                backends[index].leftAt = clock.milliseconds
            }
        }
    }

    /// Backends that share a failure: they served and run, none answers well any more, and it is not one alone. One that drains
    /// is no witness, nor one of which the state file says that it is starting.
    func sharedFailure(known history: ScalingHistory) -> Set<String> {
        let failing = backends.filter {
            $0.isInService && $0.rebootedAt == nil && served.contains($0.port) && $0.name != history.operation?.backend
                && history.backends[$0.name]?.startingSince == nil
        }.map(\.name)
        return live.isEmpty && failing.count > 1 ? Set(failing) : []
    }

    /// A fleet of the given size that an earlier run left in order.
    static func settled(
        _ count: Int, bounds: ClosedRange<Int>, on target: Target = .containers, isPublished: Bool = true
    ) -> SimulatedWorld {
        var world = SimulatedWorld(target: target, isPublished: isPublished, bounds: bounds)
        var history = ScalingHistory()
        for number in 0..<count {
            world.add("backend_\(number)")
            history.backends["backend_\(number)"] = .init(
                wasReady: true, incarnation: world.backends[number].backend.incarnation)
        }
        world.memory = .kept(history)
        if isPublished {
            world.nginx = SimulatedNginx(file: world.running, served: world.running, lastGood: world.running)
        }
        world.settle()
        world.clock.wait(seconds: 600)
        return world
    }
}

/// What NGINX reads and what it does, which is not always the same.
struct SimulatedNginx: Equatable {
    /// The servers of our file on disk; `nil` where it is absent or somebody else's.
    var file: Ports?
    /// What the running configuration holds; `nil` where it is none of ours.
    var served: Ports?
    /// The copy beside the state file.
    var lastGood: Ports?
    /// Reloads that will be accepted and not carried out.
    var ignoredReloads = 0
    /// `nginx -t` fails, because of a file that is not ours.
    var failsTest = false
    var isAway = false

    mutating func reload() {
        if ignoredReloads > 0 { ignoredReloads -= 1 } else { served = file }
    }
}

/// The kernel's clocks, driven by true time.
struct SimulatedClock: Equatable {
    /// True time since the beginning of the simulation.
    private(set) var milliseconds = 0
    private var wallOffset = 1_700_000_000_000
    private(set) var bootedAt = -3_600_000
    private var boots = 1

    var now: Moment {
        Moment(wall: (milliseconds + wallOffset) / 1000, sinceBoot: milliseconds - bootedAt, boot: "boot \(boots)")
    }

    mutating func wait(seconds: Int) { milliseconds += seconds * 1000 }

    /// To the next whole minute of the wall clock, where cron starts a run, or a little later.
    mutating func waitForTick(delayed delay: Int = 0) {
        milliseconds += 60_000 - (milliseconds + wallOffset) % 60_000 + delay
    }

    mutating func jump(minutes: Int) { wallOffset += minutes * 60_000 }

    mutating func reboot() {
        bootedAt = milliseconds + 20_000
        milliseconds += 50_000
        boots += 1
    }
}
