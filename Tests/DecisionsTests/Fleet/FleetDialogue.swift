import Testing

@testable import Decisions

/// A course as a dialogue: a line for each effect, and behind an arrow what happened then. Without one it was done.
///
/// ```
/// start n → started
/// await n → ready
/// publish a n → not taken
/// ```
///
/// `SIGTERM` is a line of its own. A memory is told by what it says of an operation, of who is to end, and of failures.
struct FleetDialogue {
    private(set) var course: FleetCourse
    private var time: Moment

    init(_ course: FleetCourse) {
        self.course = course
        time = course.now
    }

    /// Plays the whole dialogue: each effect must be the one of its line, and after the last line there is none.
    mutating func play(_ script: String, sourceLocation: SourceLocation = #_sourceLocation) {
        for line in script.split(separator: "\n") {
            time = time.later(milliseconds: 10)
            guard line != "SIGTERM" else {
                course.happened(.signalled, at: time)
                continue
            }
            let effect = course.next()
            let parts = line.split(separator: " → ", maxSplits: 1)
            guard effect.map(Self.words) == String(parts[0]) else {
                Issue.record(
                    "wanted: \(parts[0]); the course asks for: \(effect.map(Self.words) ?? "nothing")",
                    sourceLocation: sourceLocation)
                return
            }
            if let effect { course.happened(Self.event(parts.dropFirst().first ?? "", effect), at: time) }
        }
        if let effect = course.next() {
            Issue.record("and then the course asks for: \(Self.words(effect))", sourceLocation: sourceLocation)
        }
    }
}

// MARK: Effects in words

extension FleetDialogue {
    static func words(_ effect: FleetEffect) -> String {
        switch effect {
        case .save(let history): "save\(facts(history))"
        case .remember(let backends): "remember" + names(backends)
        case .tell(let note): "tell \(words(note))"
        case .remove(let backend): "remove \(backend.name)"
        case .restart(let backend): "restart \(backend.name)"
        case .start(let name, let served): "start \(name)" + (served.isEmpty ? "" : " beside \(served.count)")
        case .awaitReady(let backends): "await" + names(backends)
        case .compare(let backends): "compare" + names(backends)
        case .publish(let backends): "publish" + names(backends)
        case .countConnections(let backend): "count \(backend.name)"
        case .lookAgain(let ending): "look again before \(words(ending))"
        case .end(let ending): words(ending)
        case .conclude(let history): "conclude\(facts(history))"
        }
    }

    private static func names(_ backends: [Backend]) -> String { backends.map { " " + $0.name }.joined() }

    private static func words(_ ending: FleetEffect.Ending) -> String {
        switch ending {
        case .stop(let backend, let cut): "stop \(backend.name)" + (cut == 0 ? "" : " cutting \(number(cut))")
        case .withdraw(let backend): "withdraw \(backend.name)"
        }
    }

    private static func words(_ note: FleetNote) -> String {
        switch note {
        case .neverReady(let backend): "last words of \(backend.name)"
        case .endedEarly(let backend): "\(backend.name) ended early"
        case .notReadyYet(let backend, _): "\(backend.name) is not ready yet"
        case .noneReady: "none is ready"
        case .unpublished: "unpublished"
        case .takenBack(let backend): "\(backend.name) is taken back"
        case .draining(let backend): "\(backend.name) drains"
        case .created(let backend): "\(backend.name) is created"
        case .stillDraining(let backend, _): "\(backend.name) still drains"
        case .stillBusy(let backend, let connections), .stillConnected(let backend, let connections):
            "\(backend.name) is busy: \(number(connections))"
        case .active(let count): "\(count) active"
        case .interrupted: "interrupted"
        }
    }

    private static func number(_ count: Int?) -> String { count.map(String.init) ?? "?" }

    private static func facts(_ history: ScalingHistory) -> String {
        var facts: [String] = []
        if let operation = history.operation {
            facts.append("\(operation.direction) \(operation.backend)" + (operation.left == nil ? "" : ", out"))
        }
        for (name, memory) in history.backends.sorted(by: { $0.key < $1.key })
        where memory.departure?.isStopOrdered == true {
            facts.append("\(name) is to end")
        }
        if let backOff = history.backOff { facts.append("\(backOff.failures) failed starts") }
        if let publishing = history.publishing { facts.append("\(publishing.failures) failed publications") }
        return facts.isEmpty ? "" : ": " + facts.joined(separator: "; ")
    }
}

// MARK: Events from words

extension FleetDialogue {
    fileprivate static func event(_ words: Substring, _ effect: FleetEffect) -> FleetEvent {
        switch (effect, words) {
        case (_, ""): .done
        case (.restart(let backend), "started"): .started(running(backend.name))
        case (.start(let name, _), "started"): .started(running(name))
        case (.awaitReady(let backends), _):
            .awaited(zip(backends, words.split(separator: ", ")).map { Arrival($0, outcome($1)) })
        case (_, "differs"): .compared(differs: true)
        case (_, "same"): .compared(differs: false)
        case (.countConnections, _): .counted(Int(words))
        case (.lookAgain, "unseen"): .unseen
        case (.lookAgain, _):
            .seen(Set(words.split(separator: " ").dropFirst().compactMap { running(String($0)).address }))
        case (_, "refused"): .refused
        case (_, "timed out"): .timedOut
        case (_, "not taken"): .notTaken(circumstances: nil)
        case (_, "not taken, reloaded back"): .notTaken(circumstances: "as they are")
        case (_, "rolled back"): .rolledBack
        case (_, "not written"): .notWritten
        default: .unavailable
        }
    }

    private static func outcome(_ words: Substring) -> Arrival.Outcome {
        switch words {
        case "ready": .ready
        case "ended": .ended
        default: .notYet(.refused)
        }
    }

    private static func running(_ name: String) -> Backend { RepairPlanTests().backend(name).backend }
}

extension Moment {
    fileprivate func later(milliseconds: Int) -> Moment {
        Moment(wall: wall + milliseconds / 1000, sinceBoot: sinceBoot + milliseconds, boot: boot)
    }
}
