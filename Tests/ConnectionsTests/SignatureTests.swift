import SystemPackage
import TestSupport
import Testing

@testable import Connections
@testable import Host

/// The examples of "Signature Calculations for the Authorization Header" in Amazon's S3 API reference, through libcurl: its
/// time is set by a header of ours, and a Unix socket stands in for Amazon.
struct SignatureTests {
    struct Example: CustomTestStringConvertible, Sendable {
        let name: String
        var method = HTTPRequest.Method.get
        var key = ""
        var parameters: [S3Address.Parameter] = []
        var headers: [HTTPHeader] = []
        var body = ""
        let signature: String

        var testDescription: String { name }
    }

    static let examples = [
        Example(
            name: "a part of an object", key: "test.txt", headers: [.init("Range", "bytes=0-9")],
            signature: "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
        Example(
            name: "a new object, with a name that is escaped", method: .put, key: "test$file.text",
            headers: [
                .init("Date", "Fri, 24 May 2013 00:00:00 GMT"), .init("x-amz-storage-class", "REDUCED_REDUNDANCY"),
            ], body: "Welcome to Amazon S3.",
            signature: "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"),
        Example(
            name: "a parameter without a value", parameters: [.init("lifecycle")],
            signature: "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
        Example(
            name: "a list, its parameters sorted by us", parameters: [.init("prefix", "J"), .init("max-keys", "2")],
            signature: "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
    ]

    private func request(_ example: Example, _ socket: FilePath) -> HTTPRequest {
        let location = StoreLocation(
            bucket: "examplebucket", prefix: "", endpoint: "http://ignored", region: "us-east-1")
        let address = S3Address(location)
        let rest = address.url(example.key, example.parameters).dropFirst(address.bucket.count)
        var request = HTTPRequest(
            example.method, "http://examplebucket.s3.amazonaws.com" + rest, unixSocket: socket.string,
            headers: example.headers + [
                .init("x-amz-content-sha256", Checksum.sha256(of: Array(example.body.utf8))),
                .init("x-amz-date", "20130524T000000Z"),
            ], body: Array(example.body.utf8), timeout: .seconds(5))
        request.signature = HTTPSignature(
            region: "us-east-1", accessKey: "AKIAIOSFODNN7EXAMPLE",
            secret: Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"))
        return request
    }

    @Test(arguments: examples) func `Amazon's own examples come out as printed`(example: Example) async throws {
        try await withTemporaryFolder { folder in
            let socket = folder.appending("s3")
            try await withCannedServer(at: socket) { _ in
                CannedServer.answer()
            } _: { server in
                #expect(try CurlClient().send(request(example, socket)).status == 200)
                let head = try #require(server.requests.first)
                #expect(head.contains("Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request"))
                #expect(head.contains("Signature=\(example.signature)\r\n"), "\(head)")
                #expect(!head.contains("K7MDENG"))
            }
        }
    }

    @Test func `without a signature there is none`() async throws {
        try await withTemporaryFolder { folder in
            let socket = folder.appending("s3")
            try await withCannedServer(at: socket) { _ in
                CannedServer.answer()
            } _: { server in
                var request = request(Self.examples[0], socket)
                request.signature = nil
                _ = try CurlClient().send(request)
                #expect(server.requests.first?.contains("Authorization") == false)
            }
        }
    }
}
