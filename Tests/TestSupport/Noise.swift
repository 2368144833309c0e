import Foundation
package import SystemPackage

/// Fills a file with bytes that no compressor makes smaller: it takes its time with them.
package func writeNoise(_ count: Int, to path: FilePath) throws {
    let random = try FileHandle(forReadingFrom: URL(filePath: "/dev/urandom"))
    defer { try? random.close() }
    try (random.read(upToCount: count) ?? Data()).write(to: URL(filePath: path.string))
}
