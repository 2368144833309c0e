@testable import Decisions

/// What happens between two runs and is none of our doing.
enum OutsideEvent {
    case nothing
    case minutesPass(Int)
    case dies(String)
    /// Removed by hand.
    case vanishes(String)
    case getsWell(String)
    case turnsDeaf(String)
    case answersWrongly(String)
    case allAnswerWrongly
    case allRecover
    case restarts(String)
    case freezes(String)
    case cannotRestart(String)
    case getsBusy(String)
    case getsIdle(String)
    case daemonRestarts
    /// All containers are started again, and boot.
    case allBootAgain
    case getsStuck(String)
    case getsLoose(String)
    case adoptedComes
    case adoptedGoes(String)
    case stateIsLost
    case stateBreaks
    case nextReloadIsIgnored
    case reloadsAreIgnored
    case testFails
    case nginxGoes
    case nginxIsWell
    case foreignReload
    case foreignFile
    case starts(SimulatedWorld.StartOutcome)
    case targetFails(SimulatedWorld.TargetFault)
    case wallClockJumps(minutes: Int)
    case reboot
    case bounds(ClosedRange<Int>)
}

extension SimulatedWorld {
    mutating func suffer(_ event: OutsideEvent) {
        switch event {
        case .nothing: break
        case .minutesPass(let minutes): clock.wait(seconds: minutes * 60)
        case .dies(let name): change(name) { $0.activity = .exited }
        case .vanishes(let name), .adoptedGoes(let name): backends.removeAll { $0.name == name }
        case .getsWell(let name):
            change(name) {
                $0.activity = .running
                $0.condition = .well
            }
        case .turnsDeaf(let name): change(name) { $0.condition = .deaf }
        case .answersWrongly(let name): change(name) { $0.condition = .wrong }
        case .allAnswerWrongly: changeAll { if $0.isLive { $0.condition = .wrong } }
        case .allRecover: changeAll { if $0.isRunning { $0.condition = .well } }
        case .restarts(let name): change(name) { $0.activity = .restarting }
        case .freezes(let name): change(name) { $0.activity = .frozen }
        case .cannotRestart(let name):
            change(name) {
                $0.activity = .exited
                $0.canRestart = false
            }
        case .getsBusy(let name): change(name) { $0.isBusy = true }
        case .getsIdle(let name): change(name) { $0.isBusy = false }
        case .daemonRestarts: changeAll { if $0.isRunning { $0.activity = .exited } }
        case .allBootAgain: bootAgain()
        case .getsStuck(let name): change(name) { $0.isStuck = true }
        case .getsLoose(let name): change(name) { $0.isStuck = false }
        case .adoptedComes: add("adopted_\(clock.milliseconds)", isManaged: false)
        case .stateIsLost: forget(.none)
        case .stateBreaks: forget(.broken)
        case .nextReloadIsIgnored: nginx.ignoredReloads = 1
        case .reloadsAreIgnored: nginx.ignoredReloads = .max
        case .testFails: nginx.failsTest = true
        case .nginxGoes: nginx.isAway = true
        case .nginxIsWell: nginx = SimulatedNginx(file: nginx.file, served: nginx.served, lastGood: nginx.lastGood)
        case .foreignReload: nginx.served = nginx.file
        case .foreignFile:
            nginx.file = nil
            nginx.served = nil
        case .starts(let outcome): starts = outcome
        case .targetFails(let fault): self.fault = fault
        case .wallClockJumps(let minutes): clock.jump(minutes: minutes)
        case .reboot:
            clock.reboot()
            nginx.served = nginx.file
            bootAgain()
        case .bounds(let range): bounds = range
        }
        settle()
    }

    private mutating func change(_ name: String, _ body: (inout SimulatedBackend) -> Void) {
        if let index = index(name) { body(&backends[index]) }
    }

    private mutating func changeAll(_ body: (inout SimulatedBackend) -> Void) {
        for index in backends.indices { body(&backends[index]) }
    }

    private mutating func bootAgain() {
        let now = clock.milliseconds
        var known: Set<String> = []
        if case .kept(let history) = memory { known = Set(history.backends.filter(\.value.wasReady).keys) }
        changeAll {
            guard $0.isRunning else { return }
            $0.condition = .starting
            $0.life += 1
            $0.isBusy = false
            // One that no run has seen ready is not given the time anew: a container that crashes while it starts, and is
            // started again by Docker, would have it for ever.
            if known.contains($0.name) { $0.rebootedAt = now }
        }
    }

    private mutating func forget(_ memory: Memory) {
        self.memory = memory
        steppedAt = nil
        asked = []
        heldBack = 0
        failedPublications = 0
        changeAll { $0.isStartForgotten = true }
    }

    /// What crash_model.py of the design explored: the few events that matter most.
    var essentialEvents: [OutsideEvent] {
        var events: [OutsideEvent] = [
            .nothing, .minutesPass(3), .daemonRestarts, .stateIsLost, .nextReloadIsIgnored, .reloadsAreIgnored,
        ]
        for backend in backends {
            switch (backend.activity, backend.condition) {
            case (.running, .starting): events += [.getsWell(backend.name), .turnsDeaf(backend.name)]
            case (.running, .well): events += [.dies(backend.name), .answersWrongly(backend.name)]
            default: break
            }
        }
        if nginx.file != nginx.served { events.append(.foreignReload) }
        return events
    }

    /// All of them, where they mean something.
    var possibleEvents: [OutsideEvent] {
        var events = essentialEvents
        events += [
            .allBootAgain, .allAnswerWrongly, .allRecover, .stateBreaks, .testFails, .nginxGoes, .foreignFile, .reboot,
            .wallClockJumps(minutes: -3), .wallClockJumps(minutes: 600),
        ]
        events += [.starts(.ready), .starts(.slow), .starts(.sick), .starts(.ends)]
        events += [.targetFails(.refused), .targetFails(.timedOut), .targetFails(.timedOutButDone)]
        events += [.bounds(1...3), .bounds(2...4), .bounds(1...2), .bounds(2...2)]
        if nginx.ignoredReloads > 0 || nginx.failsTest || nginx.isAway { events.append(.nginxIsWell) }
        if !backends.contains(where: { !$0.isManaged }) { events.append(.adoptedComes) }
        for backend in backends {
            let name = backend.name
            events += backend.isManaged ? [.vanishes(name)] : [.adoptedGoes(name), .dies(name)]
            if backend.isLive { events += [.turnsDeaf(name), .restarts(name), .freezes(name), .cannotRestart(name)] }
            if !backend.isLive, backend.activity != .created { events.append(.getsWell(name)) }
            if backend.isManaged { events.append(backend.isStuck ? .getsLoose(name) : .getsStuck(name)) }
            if backend.isRunning { events.append(backend.isBusy ? .getsIdle(name) : .getsBusy(name)) }
        }
        return events
    }
}
