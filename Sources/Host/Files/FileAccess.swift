package import Decisions
import Glibc
package import SystemPackage

/// Who may read a file that the running user may not, for the sentence that says so.
package struct FileAccess: Equatable, Sendable {
    /// The running user's and the file's owner's and group's names, or their numbers.
    let user: String
    /// The file's, or that of the first folder on the way to it that may not be entered.
    let path: FilePath
    let owner: String
    let group: String
    let mode: String

    package init(to path: FilePath) {
        user = UserIdentity.name(of: geteuid())
        var blocked = path
        // What lies behind a closed folder can't even be looked at: then the folder is what is in the way.
        while (try? FileOwnership(of: blocked, followingLinks: true)) == nil, blocked.removeLastComponent() {}
        self.path = blocked
        let found = try? FileOwnership(of: blocked, followingLinks: true)
        owner = found.map { UserIdentity.name(of: $0.uid) } ?? "?"
        group = found.map { Self.groupName(of: $0.gid) } ?? "?"
        mode = "0" + String(found?.mode.rawValue ?? 0, radix: 8)
    }

    /// - Parameter shown: the file's path as it was named.
    package func sentence(_ shown: String, in language: Language) -> String {
        switch language {
        case .english: english(shown)
        case .spanish: spanish(shown)
        }
    }

    /// Wraps getgrgid_r(3).
    private static func groupName(of gid: gid_t) -> String {
        var record = GroupRecord()
        var found: UnsafeMutablePointer<GroupRecord>?
        var text = [CChar](repeating: 0, count: 65536)
        guard getgrgid_r(gid, &record, &text, text.count, &found) == 0, found != nil, let name = record.gr_name else {
            return "gid \(gid)"
        }
        return String(cString: name)
    }

    private typealias GroupRecord = Glibc.group
}
