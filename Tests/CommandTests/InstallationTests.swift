import Foundation
import SystemPackage
import TestSupport
import Testing

/// `make install`, with programs that were built elsewhere.
@Suite struct InstallationTests {
    @Test
    func `an installation over an older one leaves every file as it was edited, and brings the others up to date`()
        async throws
    {
        try await withTemporaryFolder { folder in
            let first = try await install(version: "1", in: folder)
            #expect(first.status == 0, "\(first)")
            let files = try installed(in: folder)
            #expect(files.contains("config/nginx/nginx.conf.example") && files.contains("docs/operations.md"))
            #expect(try mode("backups", in: folder) == 0o700)
            // What an older version put there, mounted into a container by its documents.
            let edited = files.filter { !$0.hasPrefix("bin/") && $0 != "share/installed" } + ["config/nginx/nginx.conf"]
            for file in edited {
                let old = (try? text(file, in: folder)) ?? ""
                try write("\(old)# edited by hand\n", to: file, in: folder)
            }
            let before = try edited.map { try text($0, in: folder) }

            let second = try await install(version: "2", in: folder)
            #expect(second.status == 0, "\(second)")
            #expect(try edited.map { try text($0, in: folder) } == before)
            for file in edited where !["config/autoscale.conf", "config/nginx/nginx.conf"].contains(file) {
                #expect(second.stdout.contains("/\(file) was changed by you"), "\(file)")
                #expect(try !text("\(file).new", in: folder).contains("# edited by hand"))
            }
            #expect(try text("bin/backup", in: folder).contains("backup 2"))
        }
    }

    @Test func `what nobody changed is brought up to date without a second copy`() async throws {
        try await withTemporaryFolder { folder in
            _ = try await install(version: "1", in: folder)
            // As an older version wrote it: another text, and noted as its own.
            let page = "docs/cleanup.md"
            let shipped = try text(page, in: folder)
            let list = try text("share/installed", in: folder)
            let old = try #require(
                list.split(separator: "\n").first { $0.hasSuffix(" \(page)") }?.split(separator: " ").first)
            try write("an older page\n", to: page, in: folder)
            let digest = try await run("sha256sum", folder.appending(prefix).appending(page).string).stdout.prefix(64)
            try write(list.replacing(old, with: digest), to: "share/installed", in: folder)

            let again = try await install(version: "1", in: folder)
            #expect(!again.stdout.contains("was changed"), "\(again.stdout)")
            #expect(try text(page, in: folder) == shipped)
            #expect(try !installed(in: folder).contains { $0.hasSuffix(".new") })
        }
    }

    @Test func `every file names the prefix, and a link of PATH that is somebody else's stays`() async throws {
        try await withTemporaryFolder { folder in
            let links = folder.appending("usr/local/bin").string
            try FileManager.default.createDirectory(atPath: links, withIntermediateDirectories: true)
            try "somebody else's".write(toFile: "\(links)/backup", atomically: true, encoding: .utf8)
            let output = try await install(version: "1", in: folder, "LINKS=/usr/local/bin")
            #expect(output.status == 0, "\(output)")
            for file in try installed(in: folder) {
                #expect(try !text(file, in: folder).contains("/opt/autoscale"), "\(file)")
            }
            let link = try FileManager.default.destinationOfSymbolicLink(atPath: "\(links)/autoscale")
            #expect(link == "/\(prefix)/bin/autoscale")
            #expect(try String(contentsOfFile: "\(links)/backup", encoding: .utf8) == "somebody else's")
            #expect(output.stderr.contains("/usr/local/bin/backup is there already and stays"), "\(output.stderr)")
        }
    }

    @Test(arguments: ["srv/x", "/", "/srv/x y", "/srv/../x", "/srv/x;reboot", "/srv/x|y"])
    func `a prefix that files of NGINX and cron can't hold is refused`(prefix: String) async throws {
        try await withTemporaryFolder { folder in
            let script = root.appending("packaging/install").string
            let output = try await run("env", "DESTDIR=\(folder)/d", script, prefix, folder.string)
            #expect(output.status == 64 && output.stderr.contains("PREFIX"), "\(output)")
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/d"))
        }
    }

    // MARK: Support

    private let prefix = "srv/team-1"
    private let root = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()

    private func install(version: String, in folder: FilePath, _ more: String...) async throws -> ProcessOutput {
        let programs = folder.appending("programs").string
        try FileManager.default.createDirectory(atPath: programs, withIntermediateDirectories: true)
        for name in ["autoscale", "backup", "cleanup", "healthcheck"] {
            try "#!/bin/sh\necho \(name) \(version)\n".write(
                toFile: "\(programs)/\(name)", atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(programs)/\(name)")
        }
        let words = [
            "make", "-C", root.string, "install", "PREFIX=/\(prefix)", "DESTDIR=\(folder)", "PROGRAMS=\(programs)",
        ]
        return try await run(words + more)
    }

    private func run(_ words: String...) async throws -> ProcessOutput { try await run(words) }

    private func run(_ words: [String]) async throws -> ProcessOutput {
        let process = try RunningProcess("/usr/bin/env", arguments: words)
        defer { process.end() }
        return try await process.output(within: .seconds(30))
    }

    private func installed(in folder: FilePath) throws -> [String] {
        let path = folder.appending(prefix).string
        return try FileManager.default.subpathsOfDirectory(atPath: path).filter {
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: "\(path)/\($0)", isDirectory: &isFolder)
                && !isFolder.boolValue
        }
    }

    private func text(_ file: String, in folder: FilePath) throws -> String {
        try String(contentsOfFile: "\(folder)/\(prefix)/\(file)", encoding: .utf8)
    }

    private func write(_ text: String, to file: String, in folder: FilePath) throws {
        try text.write(toFile: "\(folder)/\(prefix)/\(file)", atomically: false, encoding: .utf8)
    }

    private func mode(_ name: String, in folder: FilePath) throws -> Int? {
        let path = "\(folder)/\(prefix)/\(name)"
        return try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }
}
