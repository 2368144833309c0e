extension FileFailure {
    package var english: String {
        "\(path) could not be written or read: \(action): \(errno)".escapingControls()
    }
}

extension UnsafeFile {
    package var english: String {
        let path = path.escapingControls()
        return switch cause {
        case .worldWritable: "\(path) is world-writable: anybody could decide what is run here. Run: chmod o-w \(path)"
        case .foreignOwner(let uid):
            "\(path) is owned by uid \(uid), who is neither root nor you. Run as that user, or chown it"
        case .symbolicLink:
            "\(path) is a symbolic link, and none is followed here: set the configuration to what it leads to "
                + "(readlink -f \(path)), or remove it"
        case .notARegularFile: "\(path) is not a regular file; move it away"
        case .notAFolder: "\(path) is not a folder; move it away"
        }
    }
}

extension FileAccess {
    func english(_ shown: String) -> String {
        "\(shown): not readable by \(user) (\(path) belongs to \(owner):\(group), mode \(mode)). "
            + "Run this with sudo, or as \(owner), or let \(user) read it"
    }
}
