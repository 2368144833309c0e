package import Connections
package import Host
package import SystemPackage

extension Configuration {
    /// libpq's keywords for what is set; the rest is libpq's own business.
    /// - Throws: `FileFailure` when `DB_PASSWORD_FILE` can't be read.
    package func postgresParameters() throws(FileFailure) -> PostgresParameters {
        var values: [String: String] = [:]
        values["host"] = database.host
        values["port"] = database.port.map(String.init)
        values["dbname"] = database.name
        values["user"] = database.user
        if let password = database.password {
            values["password"] = password.reveal()
        } else {
            values["password"] = try database.passwordFile.flatMap { path throws(FileFailure) in
                try Secret.firstLine(of: path)
            }
        }
        values["sslmode"] = database.sslMode?.rawValue
        return PostgresParameters(values)
    }
}

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
