package import SystemPackage

/// A file that the kernel makes while it is read (/proc): its size is not known before.
package enum KernelFile {
    /// The whole text; bytes that are not UTF-8 are replaced.
    /// - Throws: `Errno` of open(2) or read(2).
    package static func read(_ path: FilePath) throws(Errno) -> String {
        String(decoding: try bytes(path), as: UTF8.self)
    }

    package static func bytes(_ path: FilePath) throws(Errno) -> [UInt8] {
        do {
            let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec])
            return try file.closeAfter { try file.readToEnd() }
        } catch let error as Errno {
            throw error
        } catch {
            throw .ioError
        }
    }
}

extension [UInt8] {
    /// Up to the first newline.
    package var firstLine: ArraySlice<UInt8> { prefix { $0 != UInt8(ascii: "\n") } }
}

extension FileDescriptor {
    /// Everything up to the end of the file, whose size need not be known.
    package func readToEnd() throws -> [UInt8] {
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = try buffer.withUnsafeMutableBytes { try read(into: $0) }
            if count == 0 { return content }
            content += buffer[..<count]
        }
    }
}
