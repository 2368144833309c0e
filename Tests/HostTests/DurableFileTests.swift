import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Host

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

    @Test func `a line makes a file that others could read ours alone`() async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending("a.jsonl")
            try DurableFile.replace(file, with: [1], mode: [.ownerReadWrite, .groupRead, .otherRead])
            try DurableFile.append([2], to: file)
            #expect(try DurableFile.contents(of: file) == [1, 2])
            #expect(try FileManager.default.attributesOfItem(atPath: file.string)[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test func `a second name may be somebody else's file: nothing is written there`() async throws {
        try await withTemporaryFolder { folder in
            let victim = folder.appending("victim")
            try DurableFile.replace(victim, with: [1], mode: [.ownerReadWrite, .otherRead])
            let name = folder.appending("a.jsonl")
            try FileManager.default.linkItem(atPath: victim.string, toPath: name.string)
            #expect(throws: FileFailure(path: name, action: "append", errno: .tooManyLinks)) {
                try DurableFile.append([2], to: name)
            }
            #expect(throws: RunLock.Failure.self) { _ = try RunLock(name) }
            #expect(try DurableFile.contents(of: victim) == [1])
            let mode = try FileManager.default.attributesOfItem(atPath: victim.string)[.posixPermissions] as? Int
            #expect(mode == 0o604)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a pipe in a file's place is refused at once, not waited for`() async throws {
        try await withTemporaryFolder { folder in
            let pipe = folder.appending("a")
            #expect(mkfifo(pipe.string, 0o600) == 0)
            #expect(throws: FileFailure.self) { try DurableFile.contents(of: pipe) }
            #expect(throws: FileFailure.self) { try DurableFile.append([1], to: pipe) }
            #expect(throws: RunLock.Failure.self) { _ = try RunLock(pipe) }
        }
    }

    @Test func `a move never takes another file's place, nor a link's`() async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending("a")
            let other = folder.appending("b")
            let link = folder.appending("c")
            try DurableFile.replace(file, with: [1])
            try DurableFile.replace(other, with: [2])
            try FileManager.default.createSymbolicLink(atPath: link.string, withDestinationPath: "/absent")
            for taken in [other, link] {
                #expect(throws: FileFailure(path: taken, action: "link", errno: .fileExists)) {
                    try DurableFile.move(file, to: taken)
                }
            }
            try DurableFile.move(file, to: folder.appending("d"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.string).sorted() == ["b", "c", "d"])
        }
    }

    private func number(_ file: FilePath) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: file.string)[.systemFileNumber] as? Int
    }
}
