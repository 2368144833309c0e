import Glibc

/// `<database>_20240115_143005`, in UTC: what the files of one backup are called, before their endings.
package struct BackupName: Hashable, Sendable, CustomStringConvertible {
    package let database: String
    /// Unix time in seconds at which it was begun.
    package let time: Int

    package init(database: String, time: Int) {
        self.database = database
        self.time = time
    }

    /// Reads a name without an ending; `nil` for any other.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count >= 3, let time = Self.time(date: parts[parts.count - 2], clock: parts[parts.count - 1]),
            let database = Self.unescaped(parts.dropLast(2).joined(separator: "_"))
        else { return nil }
        self.init(database: database, time: time)
        guard description == text else { return nil }
    }

    package var description: String {
        let digits = WallClock.utc(time).utf8.filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        let stamp = String(decoding: digits, as: UTF8.self)
        return "\(Self.escaped(database))_\(stamp.prefix(8))_\(stamp.dropFirst(8))"
    }

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

    /// timegm(3); a date that the calendar does not have comes out as another one and is refused by the caller.
    private static func time(date: some StringProtocol, clock: some StringProtocol) -> Int? {
        let digits = [(String(date), 8), (String(clock), 6)].allSatisfy { text, count in
            text.utf8.count == count && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        }
        guard digits, let day = Int(date), let seconds = Int(clock) else { return nil }
        var parts = tm()
        parts.tm_year = Int32(day / 10_000 - 1900)
        parts.tm_mon = Int32(day / 100 % 100 - 1)
        parts.tm_mday = Int32(day % 100)
        parts.tm_hour = Int32(seconds / 10_000)
        parts.tm_min = Int32(seconds / 100 % 100)
        parts.tm_sec = Int32(seconds % 100)
        return timegm(&parts)
    }
}
