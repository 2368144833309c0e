/// What `cleanup` may remove, and from which age on. The zero value of every opt-in is: not.
package struct CleanupPolicy: Equatable, Sendable {
    /// Seconds for which a thing of Docker's has to be unused.
    package let grace: Int
    /// Images of the configured repository that stay whatever uses them, the newest first; at least 1.
    package let keptImages: Int
    /// Bytes from which on a log is rotated.
    package let largestLog: Int
    package let logDays: Int
    package let historyDays: Int
    package let removesBuildCache: Bool
    package let removesOtherContainers: Bool
    package let volumes: Volumes

    package enum Volumes: String, CaseIterable, Sendable {
        case none
        /// Those that nobody gave a name.
        case anonymous
    }

    package init(
        grace: Int = 3600, keptImages: Int = 2, largestLog: Int = 10 << 20, logDays: Int = 30, historyDays: Int = 90,
        removesBuildCache: Bool = false, removesOtherContainers: Bool = false, volumes: Volumes = .none
    ) {
        self.grace = max(0, grace)
        self.keptImages = max(1, keptImages)
        self.largestLog = max(1, largestLog)
        self.logDays = max(1, logDays)
        self.historyDays = max(1, historyDays)
        self.removesBuildCache = removesBuildCache
        self.removesOtherContainers = removesOtherContainers
        self.volumes = volumes
    }

    /// Whether anything of Docker's is asked for beyond what the Docker target makes itself.
    package var wantsDocker: Bool { removesBuildCache || removesOtherContainers || volumes != .none }
}
