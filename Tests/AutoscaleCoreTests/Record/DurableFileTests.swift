import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import AutoscaleCore

struct DurableFileTests {
    @Test func `the same bytes are not written again`() async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending("a")
            #expect(try DurableFile.replace(file, with: [1, 2]))
            let first = try number(file)
            #expect(try !DurableFile.replace(file, with: [1, 2]))
            #expect(try number(file) == first)
            #expect(try DurableFile.replace(file, with: [3]))
            #expect(try DurableFile.contents(of: file) == [3])
        }
    }

    @Test func `the mode is as asked, whatever the umask, and nothing else is left in the folder`() async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending("upstream.conf")
            try DurableFile.replace(file, with: [1], mode: [.ownerReadWrite, .groupRead, .otherRead])
            let attributes = try FileManager.default.attributesOfItem(atPath: file.string)
            #expect(attributes[.posixPermissions] as? Int == 0o644)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.string) == ["upstream.conf"])
        }
    }

    @Test func `a link in the way is replaced, not followed`() async throws {
        try await withTemporaryFolder { folder in
            let victim = folder.appending("victim")
            let temporary = folder.appending(".a.new")
            try DurableFile.replace(victim, with: [1])
            try FileManager.default.createSymbolicLink(atPath: temporary.string, withDestinationPath: victim.string)
            try DurableFile.replace(folder.appending("a"), with: [2])
            #expect(try DurableFile.contents(of: victim) == [1])
            try FileManager.default.createSymbolicLink(
                atPath: folder.appending("link").string, withDestinationPath: victim.string)
            #expect(throws: FileFailure.self) { try DurableFile.contents(of: folder.appending("link")) }
        }
    }

    @Test func `what can't be written says which call failed on what, and leaves the old file`() async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending("absent").appending("a")
            #expect(
                throws: FileFailure(
                    path: file.removingLastComponent().appending(".a.new"), action: "open",
                    errno: .noSuchFileOrDirectory)
            ) {
                try DurableFile.replace(file, with: [1])
            }
        }
    }

    private func number(_ file: FilePath) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: file.string)[.systemFileNumber] as? Int
    }
}
