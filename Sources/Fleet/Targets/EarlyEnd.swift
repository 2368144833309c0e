import Decisions
package import Glibc
package import SystemPackage

/// How a backend that was started came to nothing at once, and where to look.
package enum EarlyEnd: Equatable, Sendable, Catalogue {
    case containerGone
    /// - Parameter said: the end of its log, escaped; empty where it wrote nothing.
    case ended(log: FilePath, said: String)
    /// It put itself into the background, as this process, and was ended.
    case inBackground(pid_t, log: FilePath, said: String)
}
