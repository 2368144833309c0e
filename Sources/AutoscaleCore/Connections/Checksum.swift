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

    /// What a store compares; its MD5 is the ETag, and no protection against anybody's intent.
    struct Digests {
        let sha256: String
        let md5: [UInt8]
    }

    /// Both digests of a part of a file, read once; its position is neither used nor changed. What is read goes through
    /// `whole`, too, so that reading part after part gives the digest of all of them.
    static func digests(of part: HTTPFilePart, into whole: inout SHA256) throws(Errno) -> Digests {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { buffer.deallocate() }
        var sha256 = SHA256()
        var md5 = Insecure.MD5()
        var read = 0
        do {
            while read < part.bytes {
                let wanted = UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(part.bytes - read))
                let count = try part.file.read(fromAbsoluteOffset: Int64(part.offset + read), into: wanted)
                guard count > 0 else { throw Errno.noData }  // somebody made it shorter
                let chunk = UnsafeRawBufferPointer(rebasing: buffer.prefix(count))
                sha256.update(bufferPointer: chunk)
                md5.update(bufferPointer: chunk)
                whole.update(bufferPointer: chunk)
                read += count
            }
        } catch {
            throw error as? Errno ?? .ioError
        }
        return Digests(sha256: hex(sha256.finalize()), md5: Array(md5.finalize()))
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
