package import Host
package import SystemPackage

extension Secret {
    /// The first line of a file that holds nothing else of interest.
    ///
    /// A byte that can't be read is never replaced by another: the password would be another one, and "wrong" without a word.
    package static func firstLine(of path: FilePath) throws(FileFailure) -> String {
        guard let bytes = try DurableFile.contents(of: path) else {
            throw FileFailure(path: path, action: "open", errno: .noSuchFileOrDirectory)
        }
        let mark = SettingsFault.byteOrderMark
        var line = bytes.dropFirst(bytes.starts(with: mark) ? mark.count : 0).prefix { $0 != UInt8(ascii: "\n") }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        guard SettingsFault(encodingOf: bytes) == nil, !line.contains(0),
            let text = String(validating: line, as: UTF8.self)
        else {
            throw FileFailure(
                path: path, action: "read its first line as UTF-8 (see iconv(1))", errno: .illegalByteSequence)
        }
        guard !text.isEmpty else {
            throw FileFailure(path: path, action: "read its first line, which is empty", errno: .noData)
        }
        return text
    }
}
