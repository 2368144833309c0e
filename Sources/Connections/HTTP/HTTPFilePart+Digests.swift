import Crypto
import Host
import SystemPackage

extension HTTPFilePart {
    /// What a store compares; its MD5 is the ETag, and no protection against anybody's intent.
    struct Digests {
        let sha256: String
        let md5: [UInt8]
    }

    /// Both digests of a part of a file, read once; its position is neither used nor changed. What is read goes through
    /// `whole`, too, so that reading part after part gives the digest of all of them.
    func digests(into whole: inout SHA256) throws(Errno) -> Digests {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { buffer.deallocate() }
        var sha256 = SHA256()
        var md5 = Insecure.MD5()
        var read = 0
        do {
            while read < bytes {
                let wanted = UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(bytes - read))
                let count = try file.read(fromAbsoluteOffset: Int64(offset + read), into: wanted)
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
        return Digests(sha256: Checksum.hex(sha256.finalize()), md5: Array(md5.finalize()))
    }
}
