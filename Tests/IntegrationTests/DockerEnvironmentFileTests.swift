import Foundation
import Host
import SeededRandom
import Settings
import SystemPackage
import TestSupport
import Testing

/// What `docker run --env-file` makes of a file says where the table in docs/configuration.md is right.
@Suite(.privateDocker)
struct DockerEnvironmentFileTests {
    /// What a container got; `nil` where the file was refused.
    private func environment(_ bytes: [UInt8]) async throws -> [String: String]? {
        let docker = try #require(PrivateDocker.current)
        return try await withTemporaryFolder { folder in
            let file = folder.appending("env")
            try DurableFile.replace(file, with: bytes)
            let output: String
            do {
                output = try await docker.docker(
                    "run", "--rm", "--network", "none", "--env-file", file.string, TestImage.ready.name,
                    "/bin/busybox", "env", "-0")
            } catch {
                return nil
            }
            let pairs = output.split(separator: "\0").map { $0.split(separator: "=", maxSplits: 1) }
            return Dictionary(
                pairs.compactMap { pair in pair.first.map { (String($0), pair.count > 1 ? String(pair[1]) : "") } },
                uniquingKeysWith: { $1 })
        }
    }

    private func ours(_ bytes: [UInt8]) -> [String: String]? {
        let file = SettingsFile(bytes: bytes, dialect: .environment)
        return file.problems.isEmpty ? Dictionary(uniqueKeysWithValues: file.lines.map { ($0.key, $0.value) }) : nil
    }

    @Test
    func
        `a value is for Docker what stands after the equals sign, and for us the same without white space, quotes and a comment`()
        async throws
    {
        var random = SplitMix64(seed: 19)
        let letters = Array("ab#=$'\"\\{}~`!:/ \tñ€")
        let values = (0..<400).map { _ in
            String(
                (0..<Int.random(in: 0...8, using: &random)).map { _ in letters.randomElement(using: &random) ?? "a" })
        }
        let names = values.indices.map { ["K\($0)", "k.x.\($0)", "my-key-\($0)"][$0 % 3] }
        let text = zip(names, values).map { "\($0)=\($1)" }.joined(separator: "\n")
        let found = try #require(try await environment(Array(text.utf8)))
        var alike = 0
        for (name, value) in zip(names, values) {
            #expect(found[name] == value, "\(value)")
            guard let own = ours(Array("\(name)=\(value)".utf8)) else {
                #expect(value.contains("'") || value.contains("\""), "\(value): only a quote makes a value unreadable")
                continue
            }
            let isPlain =
                !value.hasPrefix(" ") && !value.hasPrefix("\t") && !value.hasSuffix(" ") && !value.hasSuffix("\t")
                && !value.hasPrefix("'") && !value.hasPrefix("\"") && !value.contains(" #") && !value.contains("\t#")
            if isPlain {
                #expect(own[name] == found[name])
                alike += 1
            } else {
                #expect(own[name] != found[name], "\(value) is read alike, and the table says that it is not")
            }
        }
        #expect(alike > 100)
    }

    @Test(
        "Docker and we agree on which lines can't be read, but for what the table names",
        arguments: [
            ("\u{FEFF}A=1", true, true), ("A=1\r\nB=2\r\n", true, true), ("  A=1", true, true), ("# A=1", true, true),
            ("A=", true, true), ("export A=b", false, true), ("A =b", false, true), ("=x", false, false),
            ("A B=1", false, false), ("A=1\nA=2", true, false), ("A", true, false), ("A=\"1\n2\"", true, false),
            ("A=\"1\nb c=2\"", false, false),
        ])
    func accepted(_ text: String, _ docker: Bool, _ own: Bool) async throws {
        let theirs = try await environment(Array(text.utf8))
        let mine = ours(Array(text.utf8))
        #expect((theirs != nil) == docker, "\(String(describing: theirs))")
        #expect((mine != nil) == own)
        if let theirs, let mine {
            for (name, value) in mine { #expect(theirs[name] == value) }
        }
        if text == "A" { #expect(theirs?["A"] == nil) }
        if text == "A=1\nA=2" { #expect(theirs?["A"] == "2") }
    }

    @Test func `bytes that are not UTF-8 are refused by both`() async throws {
        for bytes in [[0x41, 0x3D, 0xE9], [0xFF, 0xFE, 0x41, 0, 0x3D, 0, 0x31, 0]] as [[UInt8]] {
            #expect(try await environment(bytes) == nil)
            #expect(ours(bytes) == nil)
        }
    }
}
