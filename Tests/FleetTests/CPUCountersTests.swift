import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Fleet
@testable import Host

/// The folder of captured /proc files of that name.
func capturedProc(_ name: String, file: String = #filePath) -> FilePath {
    FilePath(file).removingLastComponent().appending("Fixtures").appending("proc")
        .appending(name)
}

@Suite("The processors' counters")
struct CPUCountersTests {
    @Test(
        "are read from every kernel's /proc/stat",
        arguments: [
            ("linux-2.6", 60_377_929 as UInt64, 46_845_166 as UInt64),
            ("linux-6", 3_729_458, 3_722_236),
            ("inside-cgroup", 5_514_765_993, 5_411_198_255),
        ])
    func kernels(name: String, total: UInt64, idle: UInt64) throws {
        let counters = try CPUCounters.read(proc: capturedProc(name))
        #expect(counters.total == total)
        #expect(counters.idle == idle)
        #expect(counters.bootID == "0b1d5c6e-7f34-4c28-9a55-3f1e2d4c5b6a")
    }

    @Test("are missing, never zero, where the file can't be understood", arguments: ["garbage", "empty", "huge"])
    func unintelligible(name: String) {
        #expect(throws: KernelFileError.self) { try CPUCounters.read(proc: capturedProc(name)) }
    }

    @Test("of a folder that is not there name the file")
    func absent() {
        #expect(
            throws: KernelFileError.unreadable(
                path: "/nowhere/sys/kernel/random/boot_id", .noSuchFileOrDirectory)
        ) { try CPUCounters.read(proc: "/nowhere") }
    }

    @Test("of this machine go forward")
    func real() async throws {
        let first = try CPUCounters.read()
        var second = first
        try await eventually("they have gone forward") {
            second = try CPUCounters.read()
            return second.total > first.total
        }
        #expect(second.taken > first.taken)
        #expect(second.bootID == first.bootID)
    }

    @Test("survive being stored")
    func stored() throws {
        let counters = CPUCounters(bootID: "a", total: .max, idle: 1, taken: 12.25)
        #expect(try JSONDecoder().decode(CPUCounters.self, from: JSONEncoder().encode(counters)) == counters)
    }

    private static let now = CPUCounters(bootID: "a", total: 10_000, idle: 8_000, taken: 1_000)

    @Test(
        "are compared only with those of the same boot, 1 s to 10 min old, that did not go back",
        arguments: [
            (CPUCounters(bootID: "a", total: 9_000, idle: 7_500, taken: 940), true),
            (CPUCounters(bootID: "a", total: 9_000, idle: 7_500, taken: 999), true),
            (CPUCounters(bootID: "a", total: 9_000, idle: 7_500, taken: 400), true),
            (CPUCounters(bootID: "a", total: 9_000, idle: 8_100, taken: 940), true),  // iowait may go back
            (CPUCounters(bootID: "a", total: 9_000, idle: 8_101, taken: 940), false),
            (CPUCounters(bootID: "b", total: 9_000, idle: 7_500, taken: 940), false),
            (CPUCounters(bootID: "a", total: 10_001, idle: 7_500, taken: 940), false),
            (CPUCounters(bootID: "a", total: 9_000, idle: 7_500, taken: 999.5), false),
            (CPUCounters(bootID: "a", total: 9_000, idle: 7_500, taken: 399), false),
            (CPUCounters(bootID: "a", total: 9_000, idle: 7_500, taken: 1_060), false),
            (CPUCounters(bootID: "a", total: 9_000, idle: 7_500, taken: .nan), false),
        ])
    func comparable(previous: CPUCounters, isComparable: Bool) {
        #expect(previous.isComparable(with: Self.now) == isComparable)
    }

    @Test(
        "give a percentage that is rounded down",
        arguments: [
            (0 as UInt64, 0 as UInt64, 100 as UInt64, 20 as UInt64, 80 as Int?),
            (0, 0, 1_000, 191, 80), (0, 0, 3, 1, 66), (0, 0, 100, 100, 0), (0, 0, 100, 0, 100),
            (0, 5, 100, 0, 100), (0, 6, 100, 0, nil),  // idle went back
            (0, 0, 100, 105, 0), (0, 0, 100, 106, nil),  // idle went further than all
            (0, 0, .max, 0, 100), (0, 0, .max, .max / 2, 50),
            (100, 50, 100, 50, nil), (100, 50, 99, 50, nil),
        ])
    func percent(total: UInt64, idle: UInt64, laterTotal: UInt64, laterIdle: UInt64, percent: Int?) {
        let first = CPUCounters(bootID: "a", total: total, idle: idle, taken: 0)
        let second = CPUCounters(bootID: "a", total: laterTotal, idle: laterIdle, taken: 60)
        #expect(first.busyPercent(until: second) == percent)
    }

    /// Four processors of 100 ticks a second have 24,000 of them in a minute.
    @Test(
        "that this host has no time for are no reading, whatever they say",
        arguments: [
            (24_000 as UInt64, 12_000 as UInt64, 50 as Int?), (23_000, 0, 100), (5_000, 5_000, 0), (36_000, 36_000, 0),
            (4_000, 4_000, nil), (12, 0, nil), (37_000, 0, nil), (1 << 60, 1 << 60, nil), (1 << 60, 0, nil),
        ])
    func impossible(total: UInt64, idle: UInt64, percent: Int?) {
        for base: UInt64 in [0, 8_317_131_874_320_235_395] {
            let first = CPUCounters(bootID: "a", total: base, idle: base, taken: 10, processors: 4)
            let second = CPUCounters(
                bootID: "a", total: base + total, idle: base + idle, taken: 70, processors: 4)
            #expect(first.percent(until: second) == percent)
        }
    }
}
