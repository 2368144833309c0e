package import SystemPackage

/// Programs with a pipe between each and the next, as a shell would join them, but for two things: there is no shell, and
/// the end of every one of them is looked at, not only of the last.
package struct ProgramChain: Sendable {
    package struct Stage: Sendable {
        let words: CommandWords
        /// Added to our own.
        let environment: [String: String]

        package init(_ words: CommandWords, environment: [String: String] = [:]) {
            self.words = words
            self.environment = environment
        }
    }

    package enum Failure: Error, Equatable {
        /// A program is not there; the words say which and where it was looked for.
        case missing(String)
        case noPipe(Errno)
        /// What the programs said, in their order.
        case failed(String)
        /// One was ended by us because it took too long; that says nothing about what it read.
        case timedOut(String)
    }

    let stages: [Stage]
    /// Of each program.
    let timeout: Duration
    /// See `ChildProcess.stream`.
    let watch: @Sendable () -> Bool

    package init(_ stages: [Stage], timeout: Duration, watch: @escaping @Sendable () -> Bool) {
        self.stages = stages
        self.timeout = timeout
        self.watch = watch
    }

    /// Both descriptors are taken over and closed; `nil` is /dev/null.
    /// - Parameter lastDecides: the last one may end before it has read everything, which breaks the others' pipes.
    package func run(
        from input: FileDescriptor?, to output: FileDescriptor?, lastDecides: Bool = false
    ) async throws(Failure) {
        let pipes: [PipeEnds]
        do throws(Errno) {
            pipes = try stages.dropFirst().map { _ throws(Errno) in try PipeEnds() }
        } catch {
            try? input?.close()
            try? output?.close()
            throw .noPipe(error)
        }
        let inputs = [input] + pipes.map { $0.readEnd as FileDescriptor? }
        let outputs = pipes.map { $0.writeEnd as FileDescriptor? } + [output]
        let results = await withTaskGroup(of: (Int, Outcome).self) { group in
            for (index, stage) in stages.enumerated() {
                group.addTask { (index, await run(stage, from: inputs[index], to: outputs[index])) }
            }
            var results: [Int: Outcome] = [:]
            for await (index, outcome) in group { results[index] = outcome }
            return stages.indices.compactMap { results[$0] }
        }
        if lastDecides, case .success(let last) = results.last, last.termination.isSuccess { return }
        try Self.check(results)
    }

    private typealias Outcome = Result<ChildProcessResult, ChildProcessFailure>

    private func run(_ stage: Stage, from input: FileDescriptor?, to output: FileDescriptor?) async -> Outcome {
        do throws(ChildProcessFailure) {
            return .success(
                try await ChildProcess.stream(
                    stage.words, environment: stage.environment, input: input, output: output, timeout: timeout,
                    watch: watch))
        } catch {
            return .failure(error)
        }
    }

    private static func check(_ results: [Outcome]) throws(Failure) {
        var complaints: [String] = []
        for result in results {
            switch result {
            case .success(let result) where result.termination.isSuccess: break
            case .success(let result): complaints.append(result.summary)
            case .failure(let failure):
                if case .notFound = failure { throw .missing(failure.description) }
                complaints.append(failure.description)
            }
        }
        let isLate = results.contains { if case .failure(.timedOut) = $0 { true } else { false } }
        if isLate { throw .timedOut(complaints.joined(separator: "; ")) }
        guard complaints.isEmpty else { throw .failed(complaints.joined(separator: "; ")) }
    }
}
