import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Host

@Suite struct ProgramPathTests {
    private func make(_ path: FilePath, mode: Int) throws {
        try Data("#!/bin/sh\n".utf8).write(to: URL(filePath: path.string))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path.string)
    }

    @Test func `A name is found in PATH, in its order`() async throws {
        try await withTemporaryFolder { folder in
            for name in ["one", "two"] {
                try FileManager.default.createDirectory(
                    atPath: folder.appending(name).string, withIntermediateDirectories: false)
                try make(folder.appending(name).appending("tool"), mode: 0o755)
            }
            let found = try ProgramPath.find("tool", searchPath: "\(folder)/none:\(folder)/two:\(folder)/one")
            #expect(found == folder.appending("two").appending("tool"))
        }
    }

    @Test func `Cron's PATH has no sbin, and nginx is found`() throws {
        #expect(try ProgramPath.find("nginx", searchPath: "/usr/bin:/bin") == "/usr/sbin/nginx")
    }

    @Test func `The error names every place that was looked in`() {
        #expect(
            throws: ProgramPathError.notFound(
                program: "no-such-tool", lookedIn: ["/bin", "/usr/local/sbin", "/usr/sbin", "/sbin"])
        ) { try ProgramPath.find("no-such-tool", searchPath: "/bin") }
    }

    @Test func `Empty and relative entries of PATH do not mean the working directory`() async throws {
        try await withTemporaryFolder { folder in
            try make(folder.appending("tool"), mode: 0o755)
            #expect(throws: ProgramPathError.self) { try ProgramPath.find("tool", from: folder, searchPath: ":.:x::") }
        }
    }

    @Test func `A path is taken as it is, a relative one from the given folder`() async throws {
        try await withTemporaryFolder { folder in
            try make(folder.appending("tool"), mode: 0o755)
            #expect(try ProgramPath.find("\(folder)/tool") == folder.appending("tool"))
            #expect(try ProgramPath.find("./tool", from: folder).lexicallyNormalized() == folder.appending("tool"))
            #expect(throws: ProgramPathError.notFound(program: "\(folder)/other", lookedIn: [folder.string])) {
                try ProgramPath.find("\(folder)/other")
            }
        }
    }

    @Test func `What can't be run is said, unless a later folder has one that can`() async throws {
        try await withTemporaryFolder { folder in
            try make(folder.appending("tool"), mode: 0o644)
            let refused = ProgramPathError.notExecutable(path: folder.appending("tool").string)
            #expect(throws: refused) { try ProgramPath.find("tool", searchPath: folder.string) }
            #expect(throws: ProgramPathError.notExecutable(path: folder.string)) { try ProgramPath.find(folder.string) }
            try make(folder.appending("sh"), mode: 0o644)
            #expect(try ProgramPath.find("sh", searchPath: "\(folder):/bin") == "/bin/sh")
        }
    }
}
