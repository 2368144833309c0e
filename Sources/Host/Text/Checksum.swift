import Crypto
import FoundationEssentials
package import SystemPackage

/// Digests of files and bytes, by swift-crypto.
package enum Checksum {
    /// SHA-256 and length of what is read from a descriptor up to its end, or up to `limit` bytes.
    package static func sha256(of file: FileDescriptor, limit: Int = .max) throws(Errno) -> (hex: String, bytes: Int) {
        var digest = SHA256()
        let bytes = try chunks(of: file, limit: limit) { digest.update(bufferPointer: $0) }
        return (hex(digest.finalize()), bytes)
    }

    package static func sha256(of bytes: [UInt8]) -> String { hex(SHA256.hash(data: bytes)) }

    package static func md5(of bytes: [UInt8]) -> [UInt8] { Array(Insecure.MD5.hash(data: bytes)) }

    package static func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { byte in
            let digits = String(byte, radix: 16)
            return digits.utf8.count == 1 ? "0" + digits : digits
        }.joined()
    }

    private static func chunks(
        of file: FileDescriptor, limit: Int, _ body: (UnsafeRawBufferPointer) -> Void
    ) throws(Errno) -> Int {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { buffer.deallocate() }
        var read = 0
        do {
            while read < limit {
                let wanted = UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(limit - read))
                let count = try file.read(into: wanted)
                if count == 0 { break }
                body(UnsafeRawBufferPointer(rebasing: buffer.prefix(count)))
                read += count
            }
        } catch {
            throw error as? Errno ?? .ioError
        }
        return read
    }
}
