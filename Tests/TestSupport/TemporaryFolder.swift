import Foundation
package import SystemPackage

/// Runs the body with a new empty folder (mode 0700) and removes it afterwards, also when the body throws.
package func withTemporaryFolder<Result>(
    isolation: isolated (any Actor)? = #isolation, _ body: (FilePath) async throws -> Result
) async throws -> Result {
    var template = Array("/tmp/autoscale-test-XXXXXX".utf8CString)
    guard let path = mkdtemp(&template) else { throw Errno(rawValue: errno) }
    let folder = FilePath(String(cString: path))
    defer { try? FileManager.default.removeItem(atPath: folder.string) }
    return try await body(folder)
}
