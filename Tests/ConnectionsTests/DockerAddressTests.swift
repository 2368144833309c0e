import Testing

@testable import Connections

struct DockerAddressTests {
    @Test(arguments: [
        ("unix:///var/run/docker.sock", DockerAddress.Endpoint.unixSocket(path: "/var/run/docker.sock")),
        ("tcp://127.0.0.1:2375", .tcp(host: "127.0.0.1", port: 2375)),
        ("tcp://docker/", .tcp(host: "docker", port: 2375)),
        ("tcp://[fd00::2]:2376", .tcp(host: "[fd00::2]", port: 2376)),
        ("tcp://[::1]", .tcp(host: "[::1]", port: 2375)),
    ])
    func `reads`(text: String, endpoint: DockerAddress.Endpoint) throws {
        #expect(try DockerAddress(text).endpoint == endpoint)
    }

    @Test(arguments: [
        ("", DockerAddressError.noScheme("")),
        ("/var/run/docker.sock", .noScheme("/var/run/docker.sock")),
        ("127.0.0.1:2375", .noScheme("127.0.0.1:2375")),
        ("ssh://root@host", .unknownScheme("ssh")),
        ("https://host:2376", .unknownScheme("https")),
        ("npipe:////./pipe/docker_engine", .unknownScheme("npipe")),
        ("unix://docker.sock", .relativePath("docker.sock")),
        ("unix://", .relativePath("")),
        ("tcp://:2375", .badHostOrPort(":2375")),
        ("tcp://host:0", .badHostOrPort("host:0")),
        ("tcp://host:65536", .badHostOrPort("host:65536")),
        ("tcp://host:", .badHostOrPort("host:")),
        ("tcp://user@host:1", .badHostOrPort("user@host:1")),
        ("tcp://host/path", .badHostOrPort("host/path")),
        ("tcp://a b:1", .badHostOrPort("a b:1")),
        ("tcp://[fd00::2", .badHostOrPort("[fd00::2")),
    ])
    func `refuses`(text: String, error: DockerAddressError) {
        #expect(throws: error) { try DockerAddress(text) }
    }

    @Test func `refuses a path that no Unix socket can have`() {
        let path = "/" + String(repeating: "a", count: 107)
        #expect(throws: DockerAddressError.badPath(path)) { try DockerAddress("unix://\(path)") }
    }

    @Test(arguments: [
        ("1.40", nil), ("1.41", "1.41"), ("1.44", "1.44"), ("1.51", "1.51"), ("1.60", "1.51"), ("2.0", "1.51"),
    ])
    func `speaks the smaller version, not below 1.41`(theirs: String, spoken: String?) throws {
        let version = try #require(DockerVersion(theirs))
        #expect(DockerVersion.spoken(withNewestOfTheirs: version)?.description == spoken)
    }

    @Test(arguments: ["", "1", "1.", ".41", "1.41.0", "1.x", "-1.41", "1.99999999999", "+1.41", " 1.41"])
    func `what is no version is none`(text: String) {
        #expect(DockerVersion(text) == nil)
    }
}
