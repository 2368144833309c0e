package import Connections
import Foundation
import Host
import SystemPackage
package import Testing

/// An S3-compatible store on loopback: moto's server, which computes every signature itself and refuses wrong ones.
package struct PrivateStore: Sendable {
    package let port: UInt16
    package let accessKey: String
    package let secret: String

    /// The server of the suite that has the trait `.sharedStore`.
    @TaskLocal package static var shared: PrivateStore?

    package var endpoint: String { "http://127.0.0.1:\(port)" }

    /// What a command needs in its environment.
    package var environment: [String: String] {
        ["AWS_ACCESS_KEY_ID": accessKey, "AWS_SECRET_ACCESS_KEY": secret]
    }

    /// A bucket of a test's own, in the shared server; it ends with the server.
    package static func bucket() throws -> Bucket {
        guard let shared else { throw PrivateServerFailure("the suite has not the trait .sharedStore") }
        return try shared.newBucket()
    }

    package func newBucket() throws -> Bucket {
        let bucket = Bucket(store: self, name: "b\(UInt64.random(in: .min ... .max))")
        try bucket.ask(.put, "")
        return bucket
    }

    /// A request of the test's, signed by libcurl.
    @discardableResult
    package func ask(
        _ method: HTTPRequest.Method, _ path: String, body: [UInt8] = [], upTo limit: Int = 1 << 20
    ) throws -> HTTPResponse {
        var request = HTTPRequest(
            method, endpoint + path,
            headers: [.init("x-amz-content-sha256", "UNSIGNED-PAYLOAD"), .init("Content-Type", "text/plain")],
            body: body, timeout: .seconds(30), bodyPolicy: .collect(upTo: limit))
        request.signature = HTTPSignature(region: "us-east-1", accessKey: accessKey, secret: Secret(secret))
        let answer = try CurlClient().send(request)
        guard (200..<300).contains(answer.status) else {
            throw PrivateServerFailure("\(method) \(path): \(answer.status) \(answer.text)")
        }
        return answer
    }

    package struct Bucket: Sendable {
        package let store: PrivateStore
        package let name: String

        /// Another one in the same store; it is not made.
        package func sibling(_ name: String) -> Bucket { Bucket(store: store, name: name) }

        /// The keys of what the configuration needs, for this bucket and a prefix.
        package var settings: [String: String] {
            ["BACKUP_UPLOAD_URL": "s3://\(name)/nightly/app", "BACKUP_UPLOAD_ENDPOINT": store.endpoint]
        }

        @discardableResult
        package func ask(
            _ method: HTTPRequest.Method, _ path: String, body: [UInt8] = [], upTo limit: Int = 1 << 20
        ) throws -> HTTPResponse {
            try store.ask(method, "/\(name)\(path)", body: body, upTo: limit)
        }

        /// Every object's key, sorted.
        package func keys() throws -> [String] {
            try Self.texts("Key", in: try ask(.get, "?list-type=2").text).sorted()
        }

        /// The keys of uploads in parts that are neither completed nor aborted.
        package func partialUploads() throws -> [String] {
            try Self.texts("Key", in: try ask(.get, "?uploads=").text)
        }

        private static func texts(_ element: String, in xml: String) throws -> [String] {
            xml.matches(of: try Regex("<\(element)>([^<]*)</\(element)>", as: (Substring, Substring).self))
                .map { String($0.output.1) }
        }
    }
}

/// One store for all tests of a suite.
package struct SharedStoreTrait: SuiteTrait, TestScoping {
    package func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await withPrivateStore { store, _ in
            try await PrivateStore.$shared.withValue(store) { try await function() }
        }
    }
}

extension Trait where Self == SharedStoreTrait {
    package static var sharedStore: Self { SharedStoreTrait() }
}

/// Runs the body with such a server, which is installed on first use (Tests/store/prepare), and ends it afterwards.
/// - Parameter body: gets the server's process, too, for a test of its end.
package func withPrivateStore<Result>(
    isolation: isolated (any Actor)? = #isolation, _ body: (PrivateStore, RunningProcess) async throws -> Result
) async throws -> Result {
    let root = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
    let preparation = try RunningProcess(
        root.appending("Tests/store/prepare"), environment: ProcessInfo.processInfo.environment)
    defer { preparation.end() }
    let prepared = try await preparation.output(within: .seconds(900))
    guard prepared.status == 0 else { throw PrivateServerFailure("moto is missing: \(prepared.stderr)") }

    let port = try freePort()
    let environment = RunningProcess.cronEnvironment.merging(
        ["INITIAL_NO_AUTH_ACTION_COUNT": "\(firstActions.count)", "PYTHONDONTWRITEBYTECODE": "1"]) { $1 }
    let server = try RunningProcess(
        root.appending(".run/moto/bin/moto_server"), arguments: ["-H", "127.0.0.1", "-p", "\(port)"],
        environment: environment)
    defer { server.end() }
    try await eventually("moto listens", within: .seconds(60)) {
        guard server.isRunning else { throw PrivateServerFailure("moto did not start: \(server.stderr)") }
        return (try? TestSocket.connected(port: port)) != nil
    }
    var answer = ""
    for action in firstActions { answer = try unsigned(action, port: port) }
    guard let key = answer.firstMatch(of: /<AccessKeyId>([^<]+)</)?.output.1,
        let secret = answer.firstMatch(of: /<SecretAccessKey>([^<]+)</)?.output.1
    else { throw PrivateServerFailure("moto gave no key: \(answer)") }
    return try await body(PrivateStore(port: port, accessKey: String(key), secret: String(secret)), server)
}

/// What moto lets pass without a signature: it makes a user who may do everything in S3, and a key for it.
private let firstActions = [
    "Action=CreateUser&UserName=backup",
    "Action=PutUserPolicy&UserName=backup&PolicyName=store&PolicyDocument="
        + "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C"
        + "%22Action%22%3A%22s3%3A%2A%22%2C%22Resource%22%3A%22%2A%22%7D%5D%7D",
    "Action=CreateAccessKey&UserName=backup",
]

private func unsigned(_ action: String, port: UInt16) throws -> String {
    let request = HTTPRequest(
        .post, "http://127.0.0.1:\(port)/",
        headers: [
            .init("Content-Type", "application/x-www-form-urlencoded"),
            // It tells by this which service is meant.
            .init(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=x/20200101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0"),
        ], body: Array("\(action)&Version=2010-05-08".utf8), timeout: .seconds(20))
    return try CurlClient().send(request).text
}
