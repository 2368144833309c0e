package import Decisions

extension Configuration {
    /// What `cleanup` removes, and when it says that a disk is nearly full.
    package struct Cleanup: Equatable, Sendable {
        package let policy: CleanupPolicy
        package let minimumFree: FreeSpaceFloor
    }

    static func cleanup(_ reader: inout ConfigurationReader) -> Cleanup {
        let days = 1...36_500
        let grace = reader.value(.cleanupGrace, .seconds(0...31_536_000), or: .seconds(3600))
        return Cleanup(
            policy: CleanupPolicy(
                grace: Int(grace.components.seconds),
                keptImages: reader.value(.cleanupKeepImages, .integer(1...10_000), or: 2),
                largestLog: Int(
                    reader.value(
                        .cleanupLogMaximumSize,
                        .bytes(atLeast: 1, allowed: Words("a size such as 512k or 10m", "un tamaño como 512k o 10m")),
                        or: 10 << 20)
                ),
                logDays: reader.value(.cleanupLogDays, .integer(days), or: 30),
                historyDays: reader.value(.cleanupHistoryDays, .integer(days), or: 90),
                removesBuildCache: reader.value(.cleanupBuildCache, .flag, or: false),
                removesOtherContainers: reader.value(.cleanupOtherContainers, .flag, or: false),
                volumes: reader.value(.cleanupVolumes, .choice, or: .none)),
            minimumFree: reader.value(.cleanupDiskMinimumFree, .freeSpace, or: .percent(10)))
    }
}

extension ValueParser where Value == FreeSpaceFloor {
    static var freeSpace: Self { Self(allowed: FreeSpaceFloor.allowed, parse: { FreeSpaceFloor($0) }) }
}
