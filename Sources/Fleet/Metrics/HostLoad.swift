package import Decisions
package import Host
package import SystemPackage

/// Processor and memory use of the host, in percent, from /proc.
///
/// The host's, also when read inside a cgroup with limits of its own; only lxcfs shows a container's.
package struct HostLoad: MetricSource {
    package static let name = "host"

    private let metrics: Set<Metric>
    private let current: Result<CPUCounters, KernelFileError>
    private let proc: FilePath

    /// A difference over less than this says more about the clock's ticks than about the load.
    private static let shortestInterval = 0.25

    /// - Parameters:
    ///   - metrics: what to read; of `cpu` and `memory`, those not named are *unused*.
    ///   - current: the counters as this run began; read now, if they are not given. Also where `cpu` is not asked for: a run
    ///     that does ask for it again has something to compare with.
    ///   - proc: where the proc file system is.
    package init(
        metrics: Set<Metric> = [.cpu, .memory], current: Result<CPUCounters, KernelFileError>? = nil,
        proc: FilePath = "/proc"
    ) {
        self.metrics = metrics
        self.current = current ?? Result { () throws(KernelFileError) in try CPUCounters.read(proc: proc) }
        self.proc = proc
    }

    /// - Parameter memory: the counters as the last run began.
    package func measure(
        after memory: CPUCounters?, before deadline: Deadline
    ) async -> Measurement<CPUCounters> {
        let readings: [Metric: Reading] = [
            .cpu: metrics.contains(.cpu) ? await cpu(since: memory, before: deadline) : .unused,
            .memory: metrics.contains(.memory) ? self.memory : .unused,
        ]
        return Measurement(readings, memory: try? current.get())
    }

    private func cpu(since previous: CPUCounters?, before deadline: Deadline) async -> Reading {
        do throws(KernelFileError) {
            let current = try current.get()
            if let percent = previous?.percent(until: current) { return .value(Quantity(percent)) }
            return try await briefSample(from: current, before: deadline)
        } catch {
            return .missing(.unavailable(error.description))
        }
    }

    /// Reads once more when enough time has passed since the run began. The pause is the measurement itself.
    private func briefSample(
        from current: CPUCounters, before deadline: Deadline
    ) async throws(KernelFileError) -> Reading {
        let pause = Duration.seconds(max(0, current.taken + Self.shortestInterval - BootClock.seconds))
        guard pause <= .seconds(Self.shortestInterval), pause < deadline.remaining,
            (try? await Task.sleep(for: pause)) != nil
        else { return .missing(.noInterval) }
        let now = try CPUCounters.read(proc: proc)
        guard now.bootID == current.bootID else { return .missing(.noInterval) }
        if let doubt = current.doubt(until: now) {
            throw .unintelligible(
                path: proc.appending("stat").string, detail: "its counters can't be those of this host: \(doubt)")
        }
        return current.busyPercent(until: now).map { .value(Quantity($0)) } ?? .missing(.noInterval)
    }

    /// What is not available to new programs without swapping; the page cache is.
    private var memory: Reading {
        do throws(KernelFileError) {
            let meminfo = try KernelFile.bytes("meminfo", under: proc)
            return .value(Quantity(try Self.usedPercent(meminfo: meminfo, path: proc.appending("meminfo"))))
        } catch {
            return .missing(.unavailable(error.description))
        }
    }

    /// - Parameters:
    ///   - meminfo: the whole of that file.
    ///   - path: for the error.
    package static func usedPercent(meminfo: [UInt8], path: FilePath) throws(KernelFileError) -> Int {
        let total = try kibibytes("MemTotal", of: meminfo, path: path)
        let available = try kibibytes("MemAvailable", of: meminfo, path: path)
        guard total > 0 else { throw .unintelligible(path: path.string, detail: "MemTotal is 0") }
        // The kernel itself uses some, so not even all of it is available; below zero it wraps.
        guard available < total else {
            throw .unintelligible(
                path: path.string, detail: "MemAvailable is \(available) kB, and MemTotal \(total) kB")
        }
        // What is free is available, but for a small reserve.
        if available == 0, let free = try? kibibytes("MemFree", of: meminfo, path: path), free > total / 10 {
            throw .unintelligible(path: path.string, detail: "MemAvailable is 0 kB, and MemFree \(free) kB")
        }
        let hundredfold = (total - min(available, total)).multipliedFullWidth(by: 100)
        return Int(total.dividingFullWidth(hundredfold).quotient)
    }

    /// A line is `MemTotal:       16314052 kB`. Kernels before 3.14 have no MemAvailable.
    private static func kibibytes(
        _ name: String, of bytes: [UInt8], path: FilePath
    ) throws(KernelFileError) -> UInt64 {
        for line in bytes.pieces(separatedBy: { $0 == UInt8(ascii: "\n") })
        where line.starts(with: "\(name):".utf8) {
            let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 3)
            if fields.count == 3, fields[2].elementsEqual("kB".utf8),
                let number = UInt64(String(decoding: fields[1], as: UTF8.self))
            {
                return number
            }
        }
        throw .unintelligible(path: path.string, detail: "it has no readable \(name)")
    }
}
