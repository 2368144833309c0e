/// A number of bytes as people read it: `1.4 GiB`, units of 1024, rounded to a tenth.
package struct ByteCount: Equatable, Sendable, CustomStringConvertible {
    package let bytes: Int

    package init(_ bytes: Int) { self.bytes = bytes }

    package var description: String {
        let units = ["KiB", "MiB", "GiB", "TiB"]
        guard bytes >= 1024 else { return "\(bytes) B" }
        var tenths = min(bytes, .max / 16) * 10
        var unit = -1
        while unit < units.count - 1, unit < 0 || tenths >= 10_235 {  // 1023.5 would be printed as 1024
            tenths = (tenths + 512) / 1024
            unit += 1
        }
        return tenths >= 1000 ? "\((tenths + 5) / 10) \(units[unit])" : "\(tenths / 10).\(tenths % 10) \(units[unit])"
    }
}
