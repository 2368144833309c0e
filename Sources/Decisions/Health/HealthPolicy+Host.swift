/// Disks and NGINX's workers.
extension HealthPolicy {
    /// Critical from half the floor on.
    func disk(_ disks: [DiskFound], _ language: Language) -> CheckVerdict {
        let levels = disks.map { disk -> CheckLevel in
            let floor = diskFloor.floor(ofTotal: disk.total)
            return disk.free < floor / 2 ? .critical : disk.free < floor ? .warning : .ok
        }
        let words = disks.map { disk in
            "\(disk.uses.joined(separator: ", ")): "
                + language.choose(
                    "\(ByteCount(disk.free)) of \(ByteCount(disk.total)) free",
                    "\(ByteCount(disk.free)) de \(ByteCount(disk.total)) libres")
        }
        let performance = disks.map { disk in
            let floor = Double(diskFloor.floor(ofTotal: disk.total))
            return PerformanceValue(
                "free_\(disk.path)", Double(disk.free), .bytes, warning: floor, critical: floor / 2,
                isLowerLimit: true, maximum: Double(disk.total))
        }
        return CheckVerdict(CheckLevel.worst(levels), words.joined(separator: "; "), performance)
    }

    func workers(_ current: Int, _ old: Int, _ language: Language) -> CheckVerdict {
        let limit = max(1, current) * Self.oldWorkersEach
        let performance = [PerformanceValue("old_workers", Double(old), warning: Double(limit))]
        guard current > 0 || old > 0 else {
            return CheckVerdict(
                .ok, language.choose("no NGINX workers are visible from here", "desde aquí no se ven workers de NGINX"))
        }
        let text = language.choose("\(old) old, \(current) current", "\(old) antiguos, \(current) actuales")
        guard old > limit else { return CheckVerdict(.ok, text, performance) }
        return CheckVerdict(
            .warning,
            text
                + language.choose(
                    ": long connections keep them; set worker_shutdown_timeout",
                    ": los retienen conexiones largas; defina worker_shutdown_timeout"), performance)
    }
}
