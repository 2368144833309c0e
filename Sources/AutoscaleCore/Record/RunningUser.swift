import Glibc
package import SystemPackage

/// As whom this program goes on.
package enum RunningUser {
    /// Becomes somebody else for good, as a login would: groups, group, user, `HOME`. Only for root, and before there is a
    /// second thread. Wraps initgroups(3), setgid(2) and setuid(2).
    package static func become(_ uid: UInt32) throws(Errno) {
        var record = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var text = [CChar](repeating: 0, count: 16384)
        let isKnown = getpwuid_r(uid, &record, &text, text.count, &found) == 0 && found != nil
        let group = isKnown ? record.pw_gid : uid
        let groups: Int32
        if isKnown, let name = record.pw_name {
            groups = initgroups(name, group)
        } else {
            groups = setgroups(0, nil)
        }
        guard groups == 0, setgid(group) == 0, setuid(uid) == 0 else { throw Errno(rawValue: errno) }
        if isKnown, let home = record.pw_dir { setenv("HOME", home, 1) } else { setenv("HOME", "/", 1) }
    }
}
