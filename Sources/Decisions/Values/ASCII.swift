/// The characters of numbers and names, byte by byte: Unicode has more digits and letters than any format that is read here.
extension UInt8 {
    /// `0` to `9`
    package var isASCIIDigit: Bool { (0x30...0x39).contains(self) }

    /// `A` to `Z` and `a` to `z`
    package var isASCIILetter: Bool { (0x61...0x7A).contains(self | 0x20) }

    /// `0` to `9` and `a` to `f`: as ids and digests are written.
    package var isLowercaseHexDigit: Bool { isASCIIDigit || (0x61...0x66).contains(self) }
}
