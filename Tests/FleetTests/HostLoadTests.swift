import Decisions
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Fleet
@testable import Host

@Suite("The host's load")
struct HostLoadTests {
    private let deadline = Deadline(after: .seconds(10))
    private static let bootID = "0b1d5c6e-7f34-4c28-9a55-3f1e2d4c5b6a"

    @Test("CPU is the difference between the last run's counters and this one's")
    func difference() async {
        let current = CPUCounters(bootID: "a", total: 2_000, idle: 1_045, taken: 100)
        let load = HostLoad(current: .success(current), proc: capturedProc("linux-6"))
        let answer = await load.measure(
            after: CPUCounters(bootID: "a", total: 1_000, idle: 500, taken: 40), before: deadline)
        #expect(answer.readings == [.cpu: .value(45), .memory: .value(50)])
        #expect(answer.memory == current, "what this run began with is what the next one compares with")
    }

    @Test("no tick between two runs is no interval, not 0 %")
    func noTick() async {
        let counters = CPUCounters(bootID: "a", total: 1_000, idle: 500, taken: 40)
        let later = CPUCounters(bootID: "a", total: 1_000, idle: 500, taken: 100)
        let load = HostLoad(metrics: [.cpu], current: .success(later))
        #expect(
            await load.measure(after: counters, before: deadline).readings == [
                .cpu: .missing(.noInterval), .memory: .unused,
            ])
    }

    @Test("without comparable counters the run measures for a quarter of a second")
    func briefSample() async throws {
        let current = try CPUCounters.read()
        let load = HostLoad(metrics: [.cpu], current: .success(current))
        let readings = await load.measure(
            after: CPUCounters(bootID: "another", total: 1, idle: 1, taken: current.taken - 60), before: deadline
        ).readings
        #expect(BootClock.seconds - current.taken >= 0.25)
        guard case .value(let percent)? = readings[.cpu] else {
            Issue.record("\(readings)")
            return
        }
        #expect((0...100).contains(percent))
    }

    @Test("what has passed since the run began is not waited for again")
    func nothingToWaitFor() async throws {
        let now = BootClock.seconds
        let current = CPUCounters(bootID: Self.bootID, total: 3_729_058, idle: 3_721_836, taken: now - 5)
        let load = HostLoad(current: .success(current), proc: capturedProc("linux-6"))
        let readings = await load.measure(after: nil, before: Deadline(after: .milliseconds(240))).readings
        #expect(readings[.cpu] == .value(0))  // all of 400 ticks were idle
    }

    @Test("a run without time for it has no reading")
    func noTime() async throws {
        let load = HostLoad(current: .success(try CPUCounters.read()))
        let readings = await load.measure(after: nil, before: Deadline(after: .milliseconds(20))).readings
        #expect(readings[.cpu] == .missing(.noInterval))
    }

    @Test("counters of the future give no reading and no long wait")
    func future() async throws {
        let current = CPUCounters(bootID: Self.bootID, total: 1, idle: 1, taken: BootClock.seconds + 1_000)
        let load = HostLoad(current: .success(current), proc: capturedProc("linux-6"))
        #expect(await load.measure(after: nil, before: deadline).readings[.cpu] == .missing(.noInterval))
    }

    @Test("counters that could not be read are a missing reading")
    func unreadable() async {
        let error = KernelFileError.unreadable(path: "/proc/stat", .permissionDenied)
        let load = HostLoad(metrics: [.cpu], current: .failure(error))
        let answer = await load.measure(after: nil, before: deadline)
        #expect(answer.readings[.cpu] == .missing(.unavailable("/proc/stat: Permission denied")))
        #expect(answer.memory == nil)
    }

    @Test(
        "memory is what is not available, rounded down",
        arguments: [("linux-6", Reading.value(50)), ("inside-cgroup", .value(20)), ("huge", .value(50))])
    func memory(name: String, reading: Reading) async {
        #expect(await memoryReading(capturedProc(name)) == reading)
    }

    @Test("memory is missing, never zero, where the kernel does not say", arguments: ["linux-2.6", "garbage", "empty"])
    func noMemory(name: String) async {
        let path = capturedProc(name).appending("meminfo")
        let field = name == "linux-2.6" ? "MemAvailable" : "MemTotal"
        #expect(
            await memoryReading(capturedProc(name))
                == .missing(.unavailable("\(path): it has no readable \(field)")))
    }

    @Test("a host without memory does not divide by zero")
    func zero() async throws {
        try await withTemporaryFolder { folder in
            try Data("MemTotal: 0 kB\nMemAvailable: 0 kB\n".utf8).write(
                to: URL(filePath: folder.appending("meminfo").string))
            #expect(
                await memoryReading(folder) == .missing(.unavailable("\(folder)/meminfo: MemTotal is 0")))
        }
    }

    @Test(
        "memory that can't be is missing, never 0 % or 100 %",
        arguments: [
            "MemTotal: 1048576 kB\nMemFree: 10 kB\nMemAvailable: 18446744073709551360 kB\n",
            "MemTotal: 1048576 kB\nMemFree: 10 kB\nMemAvailable: 1048577 kB\n",
            "MemTotal: 1048576 kB\nMemFree: 1048576 kB\nMemAvailable: 1048576 kB\n",
            "MemTotal: 1048576 kB\nMemFree: 500000 kB\nMemAvailable: 0 kB\n", "MemTotal: 0 kB\nMemAvailable: 5 kB\n",
        ])
    func impossibleMemory(text: String) async throws {
        try await withTemporaryFolder { folder in
            try Data(text.utf8).write(to: URL(filePath: folder.appending("meminfo").string))
            guard case .missing(.unavailable)? = await memoryReading(folder) else {
                Issue.record("\(text)")
                return
            }
        }
    }

    @Test("counters that can't be are a missing reading that says why")
    func impossibleCounters() async throws {
        try await withTemporaryFolder { folder in
            try FileManager.default.createDirectory(
                atPath: "\(folder)/sys/kernel/random", withIntermediateDirectories: true)
            try Data("a\n".utf8).write(to: URL(filePath: "\(folder)/sys/kernel/random/boot_id"))
            for (first, second, words) in [
                ("cpu 10 0 0 8317131874320235395 0", "cpu 12 0 0 8317131874320235395 0", "2 ticks in 0."),
                ("cpu 10 0 0 1000 0", "cpu 10 0 0 900001000 0", "900000000 ticks in 0."),
                ("cpu 0 0 0 0 0", "cpu 0 0 0 0 0", "its counters are all 0"),
            ] {
                let stat = URL(filePath: "\(folder)/stat")
                try Data(first.utf8).write(to: stat)
                let current = Result { () throws(KernelFileError) in try CPUCounters.read(proc: folder) }
                try Data(second.utf8).write(to: stat)
                let load = HostLoad(metrics: [.cpu], current: current, proc: folder)
                guard
                    case .missing(.unavailable(let why))? = await load.measure(after: nil, before: deadline).readings[
                        .cpu]
                else {
                    Issue.record("\(first)")
                    continue
                }
                #expect(why.contains(words), "\(why)")
            }
        }
    }

    @Test("what is not asked for is not read")
    func unused() async {
        let load = HostLoad(
            metrics: [.connections], current: .failure(.unreadable(path: "", .ioError)), proc: "/nowhere"
        )
        #expect(await load.measure(after: nil, before: deadline).readings == [.cpu: .unused, .memory: .unused])
    }

    private func memoryReading(_ proc: FilePath) async -> Reading? {
        let load = HostLoad(
            metrics: [.memory], current: .failure(.unreadable(path: "", .ioError)), proc: proc)
        return await load.measure(after: nil, before: deadline).readings[.memory]
    }
}
