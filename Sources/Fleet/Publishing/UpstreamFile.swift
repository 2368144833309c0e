package import Decisions
package import Host
package import Settings
package import SystemPackage

/// The generated NGINX file, and the last good one beside the state file.
package struct UpstreamFile: Publisher {
    let settings: Configuration.LoadBalancer
    private let stateFolder: FilePath
    let status: UpstreamStatus

    /// Every answer for this long has to carry the new generation: old workers answer for up to 140 ms after the first
    /// new answer …
    private static let steadyFor = Duration.milliseconds(300)
    /// … and this long at most in all.
    private static let confirmLimit = Duration.seconds(5)
    private static let commandLimit = Duration.seconds(10)
    /// For the reload that ends a failed attempt, which has to be made when the run's time is over, too.
    private static let lastReloadLimit = Duration.seconds(5)

    package init(_ settings: Configuration.LoadBalancer, stateFolder: FilePath) {
        self.settings = settings
        self.stateFolder = stateFolder
        status = UpstreamStatus(settings)
    }

    package var path: FilePath { settings.upstreamFile }
    package var file: FilePath? { path }
    package var sendsRequests: Bool { true }
    var lastGood: FilePath { Places.lastGood(of: path, in: stateFolder) }
    private var before: FilePath { Places.beforeAutoscale(of: path, in: stateFolder) }

    /// Refuses the file and its copies beside the state file where others could change them or a link leads elsewhere.
    package func checkOwnership() throws(UnsafeFile) {
        for file in [path, lastGood, before] { try FileOwnership.check(file, followsFolderOwner: true) }
    }

    /// Removes what a run that was killed while it wrote left behind; only under the run's lock it is nobody's work.
    package func sweep() {
        for file in [path, lastGood, before] { DurableFile.sweep(beside: file) }
    }

    /// The file for these servers; `nil` where there are none, because an upstream without a server is none.
    func configuration(for servers: Set<ServerAddress>) -> UpstreamConfiguration? {
        UpstreamConfiguration(
            name: settings.upstreamName, servers: Array(servers), method: settings.method,
            keepalive: settings.keepalive, maxFails: settings.maxFails, failTimeout: settings.failTimeout,
            status: settings.status)
    }

    /// Whether the file on disk or the running NGINX differs from what is wanted.
    package func differs(_ servers: Set<ServerAddress>, served: LiveUpstream?) throws(FileFailure) -> Bool {
        guard let wanted = configuration(for: servers) else { return false }
        if served?.generation != wanted.generation { return true }
        return try DurableFile.contents(of: path) != Array(wanted.text.utf8)
    }

    package func preview(of servers: Set<ServerAddress>) -> String? { configuration(for: servers)?.text }

    package func look(within timeout: Duration) -> PublisherView {
        let answer = ask(within: timeout)
        if case .live(let live) = answer { return .serves(live) }
        return .shows(answer)
    }

    package func served(
        waking: Bool, interruption: Interruption, before deadline: Deadline
    ) async throws(PublishFailure) -> LiveUpstream? {
        let answer = ask(within: deadline.limited(.seconds(5)))
        switch answer {
        case .live(let live): return live
        case .silent(let detail): throw .notRunning("\(settings.statusURL): \(detail)")
        default: try checkAddress(answer)
        }
        guard waking else { return nil }
        if interruption.signal != nil { throw .interrupted }
        return try await wake(before: deadline)
    }

    /// Nothing of ours answers, so NGINX is down or our file was never loaded. A reload with the file as it is tells which.
    /// - Throws: `.notRunning` when there is nothing to reload.
    private func wake(before deadline: Deadline) async throws(PublishFailure) -> LiveUpstream? {
        let reload: ChildProcessResult
        do throws(ChildProcessFailure) {
            reload = try await ChildProcess.run(
                settings.reloadCommand, timeout: deadline.limited(Self.commandLimit))
        } catch {
            throw .notRunning("\(settings.reloadCommand): \(error)")
        }
        guard reload.termination.isSuccess else { throw .notRunning("\(settings.reloadCommand): \(reload.summary)") }
        guard let present = try contents(), isOurs(present) else { return nil }
        let limit = deadline.within(.seconds(1))
        while !limit.isOver {
            if case .live(let upstream) = ask(within: limit.remaining) { return upstream }
            try? await Task.sleep(for: .milliseconds(20))
        }
        return nil
    }

    /// Writes, tests, reloads and confirms; puts the last good file back where any of it fails.
    package func publish(
        _ servers: Set<ServerAddress>, inPlaceOf live: LiveUpstream?, interruption: Interruption,
        before deadline: Deadline
    ) async throws(PublishFailure) -> Publication? {
        guard let wanted = configuration(for: servers) else { return nil }
        let previous = try contents()
        var published: Publication
        do throws(FileFailure) {
            published = try keepForeign(previous, wanted: wanted)
            try DurableFile.makeFolder(path.removingLastComponent(), mode: Self.enterableByAll)
            try DurableFile.replace(path, with: Array(wanted.text.utf8), mode: Self.readableByAll)
        } catch {
            throw .file(error)
        }
        var reloaded = false
        do throws(PublishFailure) {
            try await run(settings.testCommand, before: deadline) { .testFailed($0) }
            try await run(settings.reloadCommand, before: deadline) { .reloadFailed($0) }
            reloaded = true
            try await confirm(wanted, interruption: interruption, before: deadline)
        } catch {
            try await rollBack(to: try good(live, previous), reload: reloaded, after: error)
        }
        do throws(FileFailure) {
            try DurableFile.replace(lastGood, with: Array(wanted.text.utf8))
        } catch {
            published.copyFailure = error
        }
        return published
    }

    // MARK: Stations of publishing

    private static let readableByAll: FilePermissions = [.ownerReadWrite, .groupRead, .otherRead]
    private static let enterableByAll: FilePermissions = [.ownerReadWriteExecute, .groupReadExecute, .otherReadExecute]

    func isOurs(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: Array(UpstreamConfiguration.signature.utf8))
    }

    private func keepForeign(
        _ previous: [UInt8]?, wanted: UpstreamConfiguration
    ) throws(FileFailure) -> Publication {
        var published = Publication(live: .init(generation: wanted.generation, servers: Set(wanted.servers)))
        guard let previous, !isOurs(previous) else { return published }
        let isFirst = try DurableFile.contents(of: before) == nil
        if isFirst {
            try DurableFile.replace(before, with: previous)
            published.foreignCopy = before.string
        }
        let servers = Set(wanted.servers.map { Array($0.description.utf8) })
        published.leaving = Self.servers(in: previous).filter { !servers.contains(Array($0.utf8)) }
        return published
    }

    /// The addresses of the `server …;` lines of an upstream that somebody else wrote.
    package static func servers(in bytes: [UInt8]) -> [String] {
        bytes.pieces { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: "{") }
            .compactMap { statement in
                let words = statement.split(maxSplits: 2) { $0 == UInt8(ascii: " ") || (9...13).contains($0) }
                guard words.count > 1, words[0].elementsEqual("server".utf8) else { return nil }
                return String(decoding: words[1], as: UTF8.self)
            }
    }

    private func run(
        _ command: CommandWords, before deadline: Deadline, failure: (String) -> PublishFailure
    ) async throws(PublishFailure) {
        let result: ChildProcessResult
        do throws(ChildProcessFailure) {
            result = try await ChildProcess.run(command, timeout: deadline.limited(Self.commandLimit))
        } catch {
            throw failure("\(command): \(error)")
        }
        guard result.termination.isSuccess else { throw failure("\(command): \(result.summary)") }
    }

    private func confirm(
        _ wanted: UpstreamConfiguration, interruption: Interruption, before deadline: Deadline
    ) async throws(PublishFailure) {
        let limit = deadline.within(Self.confirmLimit)
        var steadySince: ContinuousClock.Instant?
        var last = UpstreamStatus.Answer.silent("")
        repeat {
            if interruption.signal != nil { throw .interrupted }
            last = ask(within: min(.seconds(1), limit.remaining))
            if case .live(let upstream) = last, upstream.generation == wanted.generation {
                let since = steadySince ?? .now
                steadySince = since
                if ContinuousClock.now - since >= Self.steadyFor { return }
            } else {
                steadySince = nil
            }
            try? await Task.sleep(for: .milliseconds(20))
        } while !limit.isOver
        throw .notConfirmed(generation: wanted.generation, saw: last)
    }

    /// The file to go back to: that of what NGINX serves. The copy beside the state file may be older, where a run was
    /// killed between the confirmation and the copy; it is for a file of other settings, which can't be made again. An
    /// NGINX that serves nothing of ours goes back to what was there.
    private func good(_ live: LiveUpstream?, _ previous: [UInt8]?) throws(PublishFailure) -> [UInt8]? {
        guard let live else { return previous }
        if let same = configuration(for: live.servers), same.generation == live.generation {
            return Array(same.text.utf8)
        }
        return try contents(of: lastGood) ?? previous
    }

    /// Leaves the last good file, and an NGINX that serves it, behind a failed attempt.
    private func rollBack(
        to good: [UInt8]?, reload: Bool, after failure: PublishFailure
    ) async throws(PublishFailure) -> Never {
        do throws(FileFailure) {
            if let good {
                try DurableFile.replace(path, with: good, mode: Self.readableByAll)
            } else {
                try DurableFile.remove(path)
            }
        } catch {
            throw .notRolledBack(error, after: failure)
        }
        // Accepted and perhaps still on its way: without this the new set could come alive after all.
        if reload { _ = try? await ChildProcess.run(settings.reloadCommand, timeout: Self.lastReloadLimit) }
        throw failure
    }

    func contents(of file: FilePath? = nil) throws(PublishFailure) -> [UInt8]? {
        try rethrow(try DurableFile.contents(of: file ?? path), as: PublishFailure.file)
    }
}
