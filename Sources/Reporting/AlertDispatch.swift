import Connections
package import Decisions
import Host
package import Settings
import Synchronization

/// Tells the receivers of `ALERT_URL` what a run found: each once when something changes, and once an hour while it lasts.
///
/// Nothing here changes what a command does or its exit status, and all of it takes 5 s at most.
package struct AlertDispatch: Sendable {
    let configuration: Configuration
    let command: ToolCommand
    private let pings: [AlertReceiver]
    private let others: [AlertReceiver]
    private let startPings: StartPings

    package static let limit = Duration.seconds(5)

    package init(_ configuration: Configuration, for command: ToolCommand) {
        self.configuration = configuration
        self.command = command
        pings = configuration.alerts.receivers.filter { $0.format == .healthchecks(command) }
        others = configuration.alerts.receivers.filter {
            if case .healthchecks = $0.format { false } else { true }
        }
        startPings = StartPings()
    }

    /// Tells the ping receivers that the command begins; returns at once.
    package func begin() {
        for receiver in pings {
            startPings.expectOne()
            let request = HTTPRequest(
                .post, receiver.address(adding: "start"), timeout: Self.limit, bodyPolicy: .discard)
            do throws(DetachedThread.ThreadsExhausted) {
                try DetachedThread.run { [startPings] in
                    _ = try? CurlClient().send(request)
                    startPings.countOne()
                }
            } catch {
                startPings.countOne()
            }
        }
    }

    /// Tells all that there is to tell.
    /// - Parameters:
    ///   - findings: `nil` where another run is at work, which tells them itself.
    ///   - status: of the command; `nil` where it was ended by a signal.
    ///   - summary: goes with the last ping.
    /// - Returns: what could not be told, as sentences.
    package func finish(_ findings: AlertFindings?, status: Int32?, summary: String) async -> [String] {
        guard !pings.isEmpty || !others.isEmpty else { return [] }
        let deadline = Deadline(after: Self.limit)
        async let pinged = ping(status, summary, before: deadline)
        var findings = findings
        // A run that has a configuration to judge by found it good, unless it says otherwise.
        findings?.judged.insert(.configurationBad)
        let problems = if let findings { await tell(findings, before: deadline) } else { [String]() }
        return problems + (await pinged)
    }

    /// The same for a command whose one event is that it failed.
    /// - Parameters:
    ///   - failure: what it failed by first, whose sentence the alert is; `nil` where it did all that it was to do.
    ///   - events: go with the last ping.
    package func finish(
        _ event: AlertEvent, failure: (any CommandFailure)?, events: [Explained], also others: AlertFindings = .init()
    ) async -> [String] {
        let summary = events.map(\.text).joined(separator: "\n")
        var findings = AlertFindings(others.found, judged: others.judged.union([event]))
        guard let failure else { return await finish(findings, status: 0, summary: summary) }
        let status = failure.exitStatus
        switch status {
        case .interrupted, .terminated: return await finish(nil, status: nil, summary: summary)
        case .busy: return await finish(nil, status: status.rawValue, summary: summary)
        default:
            findings.found.append(
                AlertFinding(event, severity: .critical, text: failure.sentence(in: configuration.language)))
            return await finish(findings, status: status.rawValue, summary: summary)
        }
    }

    /// One alert to every receiver, whatever they were told before; nothing is remembered.
    /// - Returns: for each receiver whether it took the alert; the words say why not.
    package func test() async -> [(receiver: String, failure: String?)] {
        let now = Moment.now()
        let text = AlertPhrase.test.sentence(in: configuration.language)
        var book = AlertBook()
        let receivers = configuration.alerts.receivers
        book.take(
            .init([.init(.test, severity: .warning, text: text)]), at: now, repeatAfter: .seconds(3600),
            receivers: receivers.map(\.id))
        let notices = book.due(for: receivers.map(\.id), at: now, repeatAfter: .seconds(3600))
        let deadline = Deadline(after: Self.limit)
        var deliveries = receivers.map { receiver in
            Delivery(receiver: receiver, notices: notices.filter { $0.receiver == receiver.id })
        }
        for index in deliveries.indices {
            // A line in its log: a ping of success would say that the command has run.
            if case .healthchecks = deliveries[index].receiver.format { deliveries[index].pingPath = "log" }
        }
        let failures = await post(deliveries, summary: text, at: now, before: deadline)
        return zip(receivers, failures).map { ($0.description, $1) }
    }

    // MARK: Alerts

    private func tell(_ findings: AlertFindings, before deadline: Deadline) async -> [String] {
        guard !others.isEmpty else { return [] }
        // What was told is remembered there for the other service, and is not this one's to end.
        if let owner = configuration.places.foreignOwner(for: configuration.service) {
            return [owner.sentence(in: configuration.language)]
        }
        let file = AlertFile(configuration.places)
        let isQuiet = findings.found.isEmpty && (try? FileOwnership(of: file.path)) == nil
        guard !isQuiet else { return [] }  // nothing to tell and nothing to take back: most runs
        do throws(UnsafeFile) {
            for path in [file.path, file.lock] { try FileOwnership.check(path, followsFolderOwner: true) }
        } catch {
            return [error.sentence(in: configuration.language)]
        }
        let lock: RunLock
        do throws(RunLock.Failure) {
            lock = try await file.lock(before: deadline)
        } catch {
            return [words(for: error)]
        }
        let problems = await tell(findings, file, before: deadline)
        lock.release()
        return problems
    }

    private func tell(_ findings: AlertFindings, _ file: AlertFile, before deadline: Deadline) async -> [String] {
        var problems: [String] = []
        var book = AlertBook()
        do throws(FileFailure) {
            book = try file.load()
        } catch {
            problems.append(error.sentence(in: configuration.language))
        }
        let now = Moment.now()
        let ids = others.map(\.id)
        let known = book
        book = book.correctingFutureStamps(at: now)
        book.take(findings, at: now, repeatAfter: configuration.alerts.repeatAfter, receivers: ids)
        let due = book.due(for: ids, at: now, repeatAfter: configuration.alerts.repeatAfter)
        let deliveries = others.compactMap { receiver in
            let notices = due.filter { $0.receiver == receiver.id }
            return notices.isEmpty ? nil : Delivery(receiver: receiver, notices: notices)
        }
        let failures = await post(deliveries, summary: "", at: now, before: deadline)
        for (delivery, failure) in zip(deliveries, failures) {
            if let failure {
                problems.append(undelivered(delivery.receiver, failure))
            } else {
                for notice in delivery.notices { book.note(notice, at: now) }
            }
        }
        book.tidy(for: ids)
        do throws(FileFailure) {
            if book != known { try file.save(book) }
        } catch {
            problems.append(error.sentence(in: configuration.language))
        }
        return problems
    }

    private func words(for failure: RunLock.Failure) -> String {
        switch failure {
        case .held(let path): AlertPhrase.busy(path: path).sentence(in: configuration.language)
        case .unusable(let failure): failure.sentence(in: configuration.language)
        }
    }

    private func undelivered(_ receiver: AlertReceiver, _ why: String) -> String {
        AlertPhrase.undelivered(receiver: "\(receiver)", why: why).sentence(in: configuration.language)
    }

    // MARK: Pings

    /// 75 is no failure: the run that holds the lock pings for itself.
    private func ping(_ status: Int32?, _ summary: String, before deadline: Deadline) async -> [String] {
        guard !pings.isEmpty, status != ExitStatus.busy.rawValue else { return [] }
        // The end must not overtake the beginning.
        while !startPings.areDone, !deadline.isOver { try? await Task.sleep(for: .milliseconds(5)) }
        let path = status.map { $0 == 0 ? "" : "\($0)" } ?? "fail"
        let deliveries = pings.map { Delivery(receiver: $0, notices: [], pingPath: path) }
        let failures = await post(deliveries, summary: summary, at: .now(), before: deadline)
        return zip(pings, failures).compactMap { receiver, failure in failure.map { undelivered(receiver, $0) } }
    }

    /// How many of the first pings are over, whatever came of them.
    private final class StartPings: Sendable {
        private let left = Mutex(0)

        func expectOne() { left.withLock { $0 += 1 } }
        func countOne() { left.withLock { $0 -= 1 } }
        var areDone: Bool { left.withLock { $0 <= 0 } }
    }
}
