import Decisions
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Fleet
@testable import Host
@testable import Reporting

struct StateFileTests {
    private var state: State {
        var history = ScalingHistory()
        let moment = Moment(wall: 1_700_000_000, sinceBoot: 5000, boot: "b")
        history.lastStep = .init(direction: .down, time: moment)
        history.operation = .init(direction: .down, backend: "app_backend_1", left: moment)
        history.streak = Streak(up: 0, down: 2)
        history.backOff = .init(failures: 2, since: moment)
        history.backends["app_backend_1"] = .init(
            wasReady: true, startingSince: moment, unhealthyRuns: 1, isReplaced: true)
        var sources = SourceMemories(["another": .object(["offset": .integer(7), "windows": .list([.number(0.5)])])])
        sources.keep(CPUCounters(bootID: "b", total: .max, idle: 5, taken: 1.5), of: HostLoad.self)
        return State(service: "app", history: history, sources: sources)
    }

    @Test func `what is saved is loaded`() async throws {
        try await withTemporaryFolder { folder in
            let file = StateFile(folder.appending("autoscale.json"))
            #expect(try file.load(for: "app") == .none)
            try file.save(state)
            #expect(try file.load(for: "app") == .state(state))
            let attributes = try FileManager.default.attributesOfItem(atPath: file.path.string)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test func `the counters of an older version's file are the memory of their source`() throws {
        let old =
            #"{"cpu":{"bootID":"b","idle":5,"taken":1.5,"total":10},"history":{"streak":{"down":0,"up":0},"backends":{}},"service":"app","version":1}"#
        guard case .state(let state) = try StateFile("/state.json").read(Array(old.utf8), for: "app") else {
            Issue.record("it is no state")
            return
        }
        let counters = CPUCounters(bootID: "b", total: 10, idle: 5, taken: 1.5)
        #expect(state.sources.memory(of: HostLoad.self) == counters)
        let written = String(decoding: StableJSON.bytes(state), as: UTF8.self)
        #expect(written.contains(#""sources":{"host":{"bootID":"b","#) && written.contains(#""version":1}"#))
    }

    @Test(
        "A memory that its source can't use is that source's loss alone",
        arguments: [
            #"{"host":7,"another":{"kept":[1]}}"#, #"{"host":{"bootID":"b","total":-1},"another":{"kept":[1]}}"#,
            #"{"host":null,"another":{"kept":[1]}}"#,
        ])
    func brokenMemory(_ sources: String) throws {
        let text =
            #"{"version":1,"service":"app","history":{"streak":{"down":2,"up":0},"backends":{}},"sources":\#(sources)}"#
        guard case .state(let state) = try StateFile("/state.json").read(Array(text.utf8), for: "app") else {
            Issue.record("the whole state is lost")
            return
        }
        #expect(state.history.streak == Streak(down: 2))
        #expect(state.sources.memory(of: HostLoad.self) == nil)
        #expect(String(decoding: StableJSON.bytes(state), as: UTF8.self).contains(#""another":{"kept":[1]}"#))
    }

    @Test("Sources that are no object cost the memories and nothing else", arguments: ["7", "null", "[]", #""x""#])
    func noMemories(_ sources: String) throws {
        let text =
            #"{"version":1,"service":"app","history":{"streak":{"down":2,"up":0},"backends":{}},"sources":\#(sources)}"#
        guard case .state(let state) = try StateFile("/state.json").read(Array(text.utf8), for: "app") else {
            Issue.record("the whole state is lost")
            return
        }
        #expect(state.sources.isEmpty && state.history.streak == Streak(down: 2))
    }

    @Test(
        "Anything that is not a state is broken, and never a crash",
        arguments: [
            "", "{", "[]", "null", "{}", #"{"version":1}"#, #"{"version":"1"}"#,
            #"{"version":1,"service":"app","history":7}"#,
            #"{"version":1,"service":"app","history":{"streak":{"up":-9223372036854775809}}}"#, "\u{0}\u{0}",
            String(repeating: "[", count: 100_000),
        ])
    func broken(_ text: String) async throws {
        try await withTemporaryFolder { folder in
            let file = StateFile(folder.appending("autoscale.json"))
            try DurableFile.replace(file.path, with: Array(text.utf8))
            guard case .broken = try file.load(for: "app") else {
                Issue.record("it was taken for a state")
                return
            }
        }
    }

    @Test func `a newer version's state, and another service's, are not touched`() async throws {
        try await withTemporaryFolder { folder in
            let file = StateFile(folder.appending("autoscale.json"))
            let newer = Array(#"{"version":2,"service":"app","future":true}"#.utf8)
            try DurableFile.replace(file.path, with: newer)
            #expect(throws: StateFile.Failure.newer(path: file.path.string, version: 2)) { try file.load(for: "app") }
            #expect(try DurableFile.contents(of: file.path) == newer)
            try file.save(State(service: "chat"))
            #expect(throws: StateFile.Failure.otherService(path: file.path.string, service: "chat")) {
                try file.load(for: "app")
            }
        }
    }

    @Test func `a broken file is set aside under a name that tells when`() async throws {
        try await withTemporaryFolder { folder in
            let file = StateFile(folder.appending("autoscale.json"))
            try DurableFile.replace(file.path, with: [1])
            let aside = try file.setAside(at: Moment(wall: 1_705_329_000, sinceBoot: 0, boot: ""))
            #expect(aside == folder.appending("autoscale.json.corrupt-20240115T143000Z"))
            #expect(try file.load(for: "app") == .none)
            #expect(try DurableFile.contents(of: aside) == [1])
        }
    }

    @Test func `two broken files of one second are both kept`() async throws {
        try await withTemporaryFolder { folder in
            let file = StateFile(folder.appending("autoscale.json"))
            let kept = try (1...3).map { number in
                try DurableFile.replace(file.path, with: [UInt8(number)])
                return try file.setAside(at: Moment(wall: 1_705_329_000, sinceBoot: 0, boot: ""))
            }
            #expect(try kept.map { try DurableFile.contents(of: $0) } == [[1], [2], [3]])
            #expect(kept.last == folder.appending("autoscale.json.corrupt-20240115T143000Z_3"))
        }
    }

    @Test func `JSON holds nothing that acts on a terminal, and says the same`() throws {
        let text = "a\u{7F}\u{9B}31m\u{61C}\u{2028}\u{202E}\u{2069}\u{85}é\u{1F600}\u{1B}"
        let bytes = StableJSON.bytes([text])
        let written = String(decoding: bytes, as: UTF8.self)
        #expect(written == #"["a\u007f\u009b31m\u061c\u2028\u202e\u2069\u0085é😀\u001b"]"# + "\n")
        #expect(try JSONDecoder().decode([String].self, from: Data(bytes)) == [text])
    }
}

struct HistoryFolderTests {
    @Test func `the last run is the last whole line of the last day`() async throws {
        try await withTemporaryFolder { folder in
            let history = HistoryFolder(folder.appending("history"))
            #expect(try history.last() == nil)
            for wall in [1_705_276_740, 1_705_276_860] {
                let moment = Moment(wall: wall, sinceBoot: 0, boot: "")
                try history.append(RunRecord(service: "app", start: moment, language: .english))
            }
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: history.path.string).sorted()
                    == ["2024-01-14.jsonl", "2024-01-15.jsonl"])
            #expect(try history.last()?.start == 1_705_276_860)
            try DurableFile.append(Array(#"{"service":"app","ti"#.utf8), to: history.path.appending("2024-01-15.jsonl"))
            #expect(try history.last()?.start == 1_705_276_860, "a torn line is passed over")
        }
    }
}

struct RunLockTests {
    @Test func `a second run is told at once, and a third gets in when the first is over`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending("a.lock")
            func isFree() -> Bool { (try? RunLock(path)) != nil }
            func held() throws {
                let lock = try RunLock(path)
                #expect(throws: RunLock.Failure.held(path: path.string)) { _ = try RunLock(path) }
                withExtendedLifetime(lock) {}
            }
            try held()
            _ = try RunLock(path)
            #expect(FileManager.default.fileExists(atPath: path.string), "the file is never deleted")
        }
    }

    @Test func `a lock file that others could open no longer can be`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending("a.lock")
            try DurableFile.replace(path, with: [], mode: [.ownerReadWrite, .groupReadWrite, .otherRead])
            _ = try RunLock(path)
            #expect(try FileManager.default.attributesOfItem(atPath: path.string)[.posixPermissions] as? Int == 0o600)
        }
    }
}
