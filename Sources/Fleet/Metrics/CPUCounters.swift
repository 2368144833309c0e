import Glibc
package import Host
package import SystemPackage

/// How long the host's processors have worked and idled since the boot: the first line of /proc/stat (proc(5)).
///
/// The host's numbers, also where the reader's own cgroup allows less (lxcfs may show a container's). A percentage needs two
/// of these, so a run keeps the last one's.
package struct CPUCounters: Codable, Equatable, Sendable {
    package let bootID: String
    /// Ticks (of 10 ms as a rule), summed over all processors. Guests are already in `user`, so they are not added again.
    package let total: UInt64
    /// Idle and waiting for I/O. Time stolen by a hypervisor is not idle: it was wanted and not given.
    package let idle: UInt64
    /// `CLOCK_BOOTTIME`, in seconds.
    package let taken: Double
    /// Processors that these are summed over; `nil` where it is not known.
    package let processors: Int?

    package init(bootID: String, total: UInt64, idle: UInt64, taken: Double, processors: Int? = nil) {
        self.bootID = bootID
        self.total = total
        self.idle = idle
        self.taken = taken
        self.processors = processors
    }

    /// - Parameter proc: where the proc file system is.
    package static func read(proc: FilePath = "/proc") throws(KernelFileError) -> CPUCounters {
        let bootID = try KernelFile.bytes("sys/kernel/random/boot_id", under: proc).firstLine
        let taken = BootClock.seconds
        let stat = try KernelFile.bytes("stat", under: proc)
        return try CPUCounters(
            stat: stat, path: proc.appending("stat"), bootID: String(decoding: bootID, as: UTF8.self), taken: taken,
            processors: processors(of: stat))
    }

    /// Lines `cpu0`, `cpu1` …: those that are online; else as many as sysconf(3) says.
    private static func processors(of stat: [UInt8]) -> Int {
        let lines = stat.pieces(separatedBy: { $0 == UInt8(ascii: "\n") }).count { line in
            line.starts(with: "cpu".utf8) && line.dropFirst(3).first.map { (48...57).contains($0) } == true
        }
        return lines > 0 ? lines : max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    }

    /// - Parameters:
    ///   - stat: the whole of that file.
    ///   - path: for the error.
    package init(
        stat: [UInt8], path: FilePath, bootID: String, taken: Double, processors: Int? = nil
    ) throws(KernelFileError) {
        let ticks = try Self.ticks(of: stat, path: path)
        let idle = ticks[3].addingReportingOverflow(ticks.count > 4 ? ticks[4] : 0)
        var total = (partialValue: UInt64(0), overflow: idle.overflow)
        for tick in ticks {
            let sum = total.partialValue.addingReportingOverflow(tick)
            total = (sum.partialValue, total.overflow || sum.overflow)
        }
        guard !total.overflow else {
            throw .unintelligible(path: path.string, detail: "its counters are too large")
        }
        guard total.partialValue > 0 else { throw .unintelligible(path: path.string, detail: "its counters are all 0") }
        self.init(
            bootID: bootID, total: total.partialValue, idle: idle.partialValue, taken: taken, processors: processors)
    }

    /// user, nice, system, idle, and as many of iowait, irq, softirq, steal as this kernel has.
    private static func ticks(of bytes: [UInt8], path: FilePath) throws(KernelFileError) -> [UInt64] {
        let fields = bytes.firstLine.split(separator: UInt8(ascii: " "), maxSplits: 9)
        let ticks = fields.dropFirst().prefix(8).map { UInt64(String(decoding: $0, as: UTF8.self)) }
        let known = ticks.compactMap(\.self)
        guard let name = fields.first, name.elementsEqual("cpu".utf8), known.count >= 4, known.count == ticks.count
        else {
            throw .unintelligible(path: path.string, detail: "its first line is not `cpu` and at least four counters")
        }
        return known
    }
}

extension CPUCounters {
    /// The waiting part of `idle` may go back (proc(5)), by this much at most before we call it another machine's.
    private static let toleratedTicksBack: UInt64 = 100

    /// Percent busy between the two, where they can be compared and can be true.
    package func percent(until now: CPUCounters) -> Int? {
        isComparable(with: now) && doubt(until: now) == nil ? busyPercent(until: now) : nil
    }

    /// Whether these, from an earlier run, can be compared with the present ones: of the same boot, not
    /// too old, and counted onwards.
    func isComparable(with now: CPUCounters) -> Bool {
        bootID == now.bootID && (1...600).contains(now.taken - taken) && now.total >= total
            && now.idle >= idle - min(idle, Self.toleratedTicksBack)
    }

    /// Why the difference can't be that of this host, with its figures; `nil` where it can.
    ///
    /// Every processor counts `_SC_CLK_TCK` ticks a second. lxcfs and the like make counters up: one that stands still, or
    /// runs ahead, would be a busy host or an idle one for ever. Hypervisors that take the processor away without saying so
    /// lose ticks, hence the wide lower bound; a host that slept counts none, and is measured anew.
    func doubt(until now: CPUCounters) -> String? {
        guard now.total > total else { return nil }  // no tick: no interval
        let passed = Double(now.total - total)
        let seconds = now.taken - taken
        guard let processors = now.processors, seconds > 0 else { return nil }
        let expected = seconds * Double(sysconf(Int32(_SC_CLK_TCK))) * Double(processors)
        let tolerance = Double(10 * processors)
        guard passed < expected * 0.2 || passed > expected * 1.5 + tolerance else { return nil }
        return
            "\(now.total - total) ticks in \((seconds * 10).rounded() / 10) s on \(processors) processors, and about "
            + "\(Int(min(expected, 1e15))) are possible"
    }

    /// Percent of the time between the two that all processors together were busy, rounded down; `nil` when no tick passed,
    /// and when the idle part moved by more than all did, either way.
    func busyPercent(until now: CPUCounters) -> Int? {
        guard now.total > total else { return nil }
        let passed = now.total - total
        // Its waiting part is no exact figure.
        let tolerance = passed / 20
        let isBack = now.idle < idle
        let moved = isBack ? idle - now.idle : now.idle - idle
        guard moved <= (isBack ? tolerance : passed) || !isBack && moved - passed <= tolerance else { return nil }
        let idled = isBack ? 0 : min(moved, passed)
        let hundredfold = (passed - idled).multipliedFullWidth(by: 100)
        return Int(passed.dividingFullWidth(hundredfold).quotient)
    }
}
