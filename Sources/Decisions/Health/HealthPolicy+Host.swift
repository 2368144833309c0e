/// Disks and NGINX's workers.
extension HealthPolicy {
    func disks(_ disks: [DiskFound]) -> CheckVerdict {
        let performance = disks.map { disk in
            let floor = Double(diskFloor.floor(ofTotal: disk.total))
            return PerformanceValue(
                "free_\(disk.path)", Double(disk.free), .bytes, warning: floor, critical: floor / 2,
                isLowerLimit: true, maximum: Double(disk.total))
        }
        let levels = disks.map { diskFloor.level(free: $0.free, ofTotal: $0.total) }
        return CheckVerdict(CheckLevel.worst(levels), .disks(disks), performance)
    }

    func workers(_ current: Int, _ old: Int) -> CheckVerdict {
        guard current > 0 || old > 0 else { return CheckVerdict(.ok, .noWorkers) }
        let limit = max(1, current) * Self.oldWorkersEach
        let isTooMany = old > limit
        return CheckVerdict(
            isTooMany ? .warning : .ok, .workers(current: current, old: old, isTooMany: isTooMany),
            [PerformanceValue("old_workers", Double(old), warning: Double(limit))])
    }
}

extension FreeSpaceFloor {
    /// How bad it is that so much is free. Critical from half the floor on.
    package func level(free: Int, ofTotal total: Int) -> CheckLevel {
        let floor = floor(ofTotal: total)
        return free < floor / 2 ? .critical : free < floor ? .warning : .ok
    }
}
