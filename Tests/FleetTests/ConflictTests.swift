import Decisions
import Fleet
import Foundation
import Host
import Reporting
import Settings
import SystemPackage
import TestSupport
import Testing

/// Two configurations beside each other: what both claim is said by each, and what may be shared is not.
struct ConflictTests {
    private static let unique = [
        "SERVICE", "STATE_FILE", "NGINX_UPSTREAM_FILE", "BACKEND_NAME",
    ]

    private func write(_ settings: [String: String], to path: FilePath) throws {
        let text = settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)\n" }.joined()
        try text.write(toFile: path.string, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path.string)
    }

    private func settings(_ name: String) -> [String: String] {
        [
            "SERVICE": name, "STATE_FILE": "state/\(name)/autoscale.json", "NGINX_UPSTREAM_FILE": "nginx/\(name).conf",
            "BACKEND_NAME": "\(name)_b", "TARGET": "process", "BACKEND_COMMAND": "true",
        ]
    }

    private func load(_ path: FilePath) throws -> Configuration {
        try Configuration.load(named: path.string, environment: [:], executable: "/")
    }

    @Test(arguments: 0..<16) func `each key that both claim is named, and no other`(shared: Int) async throws {
        try await withTemporaryFolder { folder in
            let config = folder.appending("config")
            try FileManager.default.createDirectory(atPath: config.string, withIntermediateDirectories: true)
            let (one, two) = (config.appending("one.conf"), config.appending("two.conf"))
            let first = settings("one")
            var second = settings("two")
            let keys = Self.unique.enumerated().filter { shared & (1 << $0.offset) != 0 }.map(\.element)
            for key in keys {
                second[key] = key == "STATE_FILE" ? "state/one/other.json" : first[key]
            }
            try write(first, to: one)
            try write(second, to: two)
            for path in [one, two] {
                let found = try load(path).conflicts.compactMap { $0.split(separator: ":").first.map(String.init) }
                #expect(Set(found) == Set(keys.filter { $0 != "BACKEND_NAME" }), "\(path): \(found)")
                // Two of one name have one BACKEND_NAME by right.
                let isShared = keys.contains("BACKEND_NAME") && !keys.contains("SERVICE")
                #expect(try load(path).overlaps.count == (isShared ? 1 : 0))
            }
        }
    }

    @Test func `a second name of one configuration, and others in other folders, are no conflict`() async throws {
        try await withTemporaryFolder { folder in
            let config = folder.appending("config")
            try FileManager.default.createDirectory(atPath: config.string, withIntermediateDirectories: true)
            try write(settings("one"), to: config.appending("one.conf"))
            try write(settings("one"), to: config.appending("same.conf"))
            try FileManager.default.createSymbolicLink(
                atPath: config.appending("link.conf").string, withDestinationPath: "one.conf")
            #expect(try load(config.appending("one.conf")).conflicts.isEmpty)
        }
    }

    @Test(arguments: ["other.json", "images.json", "history/2024-01-15.jsonl"])
    func `a folder with a file of another service is its folder`(_ name: String) async throws {
        try await withTemporaryFolder { folder in
            let file = StateFile(folder.appending("mine.json"))
            #expect(file.places.foreignOwner(for: "shop") == nil)
            let place = folder.appending(name)
            try FileManager.default.createDirectory(
                atPath: place.removingLastComponent().string, withIntermediateDirectories: true)
            let record = RunRecord(
                service: "chat", start: .init(wall: 1_705_276_800, sinceBoot: 1, boot: "b"), language: .english)
            let bytes = name.hasPrefix("history") ? StableJSON.bytes(record) : StableJSON.bytes(State(service: "chat"))
            try Data(bytes).write(to: URL(filePath: place.string))
            #expect(file.places.foreignOwner(for: "shop")?.service == "chat")
            #expect(file.places.foreignOwner(for: "chat") == nil)
            #expect(throws: StateFile.Failure.self) { try file.load(for: "shop") }
            #expect(try file.load(for: "chat") == .none)
        }
    }

    @Test func `status of a service in another's folder shows none of its runs`() async throws {
        try await withTemporaryFolder { folder in
            let history = HistoryFolder(folder.appending("history"))
            for (service, time) in [("chat", 1_705_276_800), ("shop", 1_705_276_700)] {
                try history.append(
                    RunRecord(service: service, start: .init(wall: time, sinceBoot: 1, boot: "b"), language: .english))
            }
            let now = Moment(wall: 1_705_276_900, sinceBoot: 1, boot: "b")
            #expect(try history.last(of: "shop", at: now).record?.start == 1_705_276_700)
            #expect(try history.last(of: "mail", at: now).record == nil)
        }
    }

    @Test func `a run of the future is none, and is named`() async throws {
        try await withTemporaryFolder { folder in
            let history = HistoryFolder(folder.appending("history"))
            let now = Moment(wall: 1_705_276_900, sinceBoot: 1, boot: "b")
            for ahead in [-120, 3_600, 86_400 * 400] {
                try history.append(
                    RunRecord(
                        service: "shop", start: .init(wall: now.wall + ahead, sinceBoot: 1, boot: "b"),
                        language: .english)
                )
            }
            let last = try history.last(of: "shop", at: now)
            #expect(last.record?.start == now.wall - 120)
            #expect(last.future == WallClock.utc(now.wall + 86_400 * 400))
            #expect(last.warning?.spanish.contains("timedatectl") == true)
        }
    }
}
