package import Glibc
package import SystemPackage

/// A user as a program runs as one: numbers, groups, and what a login would put into its environment.
package struct UserIdentity: Equatable, Sendable {
    package let uid: uid_t
    package let gid: gid_t
    package let groups: [gid_t]
    /// `HOME`, `USER`, `LOGNAME`; a user who is in no list of users has none.
    package let environment: [String: String?]

    /// Whom root has to be in a folder of somebody else's: its owner. `nil` where nobody has to change.
    ///
    /// A folder that is not there yet will belong to the owner of the one above it.
    package init?(actingFor folder: FilePath) throws(Errno) {
        guard geteuid() == 0 else { return nil }
        var present = folder
        while try FileOwnership(of: present, followingLinks: true) == nil, present.removeLastComponent() {}
        guard let owner = try FileOwnership(of: present, followingLinks: true), owner.uid != 0 else { return nil }
        uid = owner.uid
        guard let entry = Entry(of: owner.uid) else {
            gid = owner.gid
            groups = [owner.gid]
            environment = ["HOME": "/", "USER": nil, "LOGNAME": nil]
            return
        }
        gid = entry.gid
        groups = entry.groups
        environment = ["HOME": entry.home, "USER": entry.name, "LOGNAME": entry.name]
    }

    /// Goes on as this user for good, as after a login. Only for root, and before there is a second thread. Wraps
    /// setgroups(2), setgid(2), setuid(2) and setenv(3).
    package func become() throws(Errno) {
        guard setgroups(groups.count, groups) == 0, setgid(gid) == 0, setuid(uid) == 0 else {
            throw Errno(rawValue: errno)
        }
        for (name, value) in environment {
            if let value { setenv(name, value, 1) } else { unsetenv(name) }
        }
    }

    /// The words of setpriv(1) for a program that is to run as this user.
    package var privileges: [String] {
        let list = groups.map { "\($0)" }.joined(separator: ",")
        return ["--reuid=\(uid)", "--regid=\(gid)", groups.isEmpty ? "--clear-groups" : "--groups=\(list)"]
    }

    /// The user's name, or the number of one who is in no list.
    static func name(of uid: uid_t) -> String { Entry(of: uid)?.name ?? "uid \(uid)" }

    /// A line of the list of users.
    private struct Entry {
        let name: String
        let gid: gid_t
        let home: String

        /// Wraps getpwuid_r(3).
        init?(of uid: uid_t) {
            var record = passwd()
            var found: UnsafeMutablePointer<passwd>?
            var text = [CChar](repeating: 0, count: 16384)
            guard getpwuid_r(uid, &record, &text, text.count, &found) == 0, found != nil, let name = record.pw_name,
                let home = record.pw_dir
            else { return nil }
            self.name = String(cString: name)
            self.home = String(cString: home)
            gid = record.pw_gid
        }

        /// Wraps getgrouplist(3); 65536 groups are the most that Linux gives a process.
        var groups: [gid_t] {
            var groups = [gid_t](repeating: 0, count: 65536)
            var count = Int32(groups.count)
            guard getgrouplist(name, gid, &groups, &count) >= 0 else { return [gid] }
            return Array(groups.prefix(Int(count)))
        }
    }
}
