import Connections
import Foundation
import Host
import Testing

/// What Docker's answers say, and what odd ones do not say.
struct DockerStorageTests {
    @Test(
        "Docker's times",
        arguments: [
            ("2024-01-15T14:30:05Z", 1_705_329_005), ("2024-01-15T14:30:05.123456789Z", 1_705_329_005),
            ("2024-01-15T15:30:05+01:00", 1_705_329_005), ("2024-01-15T13:00:05.5-01:30", 1_705_329_005),
            ("0001-01-01T00:00:00Z", nil), ("", nil), ("2024-01-15", nil), ("2024-02-30T00:00:00Z", nil),
            ("2024-01-15T14:30:05", nil), ("2024-01-15T14:30:05+0100", nil), ("2024-01-15T14:30:05+99:00", nil),
            ("2024-01-15 14:30:05Z.", nil), ("2024-01-15T14:30:05.Zx", nil),
        ] as [(String, Int?)])
    func times(_ text: String, _ seconds: Int?) { #expect(DockerTime(text).seconds == seconds) }

    @Test(
        "Times in the names of files",
        arguments: [
            ("20240115_143005", 1_705_329_005), ("20240230_000000", nil), ("20240115_246005", nil), ("20240115", nil),
            ("20240115_14300", nil), ("2024011٥_143005", nil), ("", nil), ("20240115_143005_2", nil),
        ] as [(String, Int?)])
    func compactTimes(_ text: String, _ seconds: Int?) {
        #expect(CompactTime(text)?.seconds == seconds)
        if let seconds { #expect("\(CompactTime(seconds))" == text) }
    }

    private static let id = "sha256:" + String(repeating: "ab", count: 32)

    private func image(_ fields: String) throws -> DockerImage {
        let json = #"{"Id":"\#(Self.id)","Created":5,"Size":7,\#(fields)}"#
        return try JSONDecoder().decode(DockerImage.self, from: Data(json.utf8))
    }

    @Test(
        "What leads to an image",
        arguments: [
            (#""RepoTags":null,"RepoDigests":null,"Labels":null"#, []),
            (#""RepoTags":["<none>:<none>"],"RepoDigests":["<none>@<none>"]"#, []),
            (#""RepoTags":["app:1","b:2"],"RepoDigests":["app@sha256:1"]"#, ["app:1", "b:2"]),
            (#""RepoTags":["b:2"],"RepoDigests":["app@sha256:1","b@sha256:1"]"#, ["b:2", "app@sha256:1"]),
            (#""RepoTags":[],"RepoDigests":["app@sha256:1"]"#, ["app@sha256:1"]),
        ])
    func references(_ fields: String, _ references: [String]) throws {
        #expect(try image(fields).references == references)
    }

    @Test func `an id that is none, which would stand in a request, is refused`() {
        for id in ["sha256:ab", "../../containers/x", "sha256:" + String(repeating: "zz", count: 32)] {
            let json = #"{"Id":"\#(id)","Created":5,"Size":7}"#
            #expect(throws: DecodingError.self) {
                try JSONDecoder().decode(DockerImage.self, from: Data(json.utf8))
            }
        }
    }

    @Test(
        "Volumes that nobody gave a name",
        arguments: [
            (String(repeating: "a1", count: 32), "local", "null", true), ("data", "local", "null", false),
            ("data", "local", #"{"com.docker.volume.anonymous":""}"#, true),
            (String(repeating: "a1", count: 32), "nfs", "null", false),
            (String(repeating: "A1", count: 32), "local", "null", false),
            (String(repeating: "a1", count: 31), "local", "null", false),
        ])
    func volumes(_ name: String, _ driver: String, _ labels: String, _ isAnonymous: Bool) throws {
        let json = #"{"Name":"\#(name)","Driver":"\#(driver)","Labels":\#(labels)}"#
        let volume = try JSONDecoder().decode(DockerVolume.self, from: Data(json.utf8))
        #expect(volume.isAnonymous == isAnonymous)
        #expect(volume.createdAt == nil)
    }
}
