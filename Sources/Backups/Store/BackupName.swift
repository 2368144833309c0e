import Decisions
import Host

/// `<database>_20240115_143005`, in UTC: what the files of one backup are called, before their endings.
///
/// With a store there is a mark behind it, `_3fa9c2`: two hosts that share a bucket may begin in the same second, and no lock
/// keeps them apart there.
package struct BackupName: Hashable, Sendable, CustomStringConvertible {
    package let database: String
    /// Unix time in seconds at which it was begun.
    package let time: Int
    /// Six hex digits.
    package let mark: String?

    package init(database: String, time: Int, mark: String? = nil) {
        self.database = database
        self.time = time
        self.mark = mark
    }

    /// The mark of whoever makes a backup: the same words give the same six digits.
    package static func mark(of words: [String]) -> String {
        String(Checksum.sha256(of: Array(words.joined(separator: "\0").utf8)).prefix(6))
    }

    /// In bytes (`NAME_MAX`); PostgreSQL's 63, each escaped, and the time take less.
    package static let longest = 255

    /// Reads a name without an ending; `nil` for any other.
    package init?(_ text: some StringProtocol) {
        guard text.utf8.count <= Self.longest else { return nil }
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        let mark = parts.last.flatMap { Self.isMark($0) ? String($0) : nil }
        for (stem, mark) in [(parts[...], nil), (parts.dropLast(), mark)] {
            guard stem.count >= 3, mark != nil || stem.count == parts.count,
                let time = CompactTime(date: stem[stem.count - 2], clock: stem[stem.count - 1]),
                let database = Self.unescaped(stem.dropLast(2).joined(separator: "_"))
            else { continue }
            self.init(database: database, time: time.seconds, mark: mark)
            guard description == text else { return nil }
            return
        }
        return nil
    }

    private static func isMark(_ text: some StringProtocol) -> Bool {
        text.utf8.count == 6 && text.utf8.allSatisfy(\.isLowercaseHexDigit)
    }

    package var description: String { "\(Self.escaped(database))_\(CompactTime(time))" + (mark.map { "_\($0)" } ?? "") }

    /// How the names of all backups of a database begin; so do those of `app_copy` for `app`.
    static func prefix(of database: String) -> String { escaped(database) + "_" }

    /// Names that PostgreSQL allows and a file name, a URL or a shell does not are written with `%` and two hex digits.
    private static func escaped(_ name: String) -> String {
        var text = ""
        for (index, byte) in name.utf8.enumerated() {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: "-") where index > 0, UInt8(ascii: ".") where index > 0:
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default: text += "%" + Checksum.hex([byte])
            }
        }
        return text
    }

    private static func unescaped(_ text: String) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
                return nil
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return bytes.isEmpty ? nil : String(validating: bytes, as: UTF8.self)
    }
}
