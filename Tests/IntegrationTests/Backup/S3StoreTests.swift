import Decisions
import Foundation
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import Connections
@testable import Host

/// Against a real server that checks every signature (moto), and against answers that no real one gives on demand.
@Suite(.sharedStore)
struct S3StoreTests {
    private let key = "nightly/app/b%20 ü+_20240115_143005.dump"

    private func store(
        _ bucket: PrivateStore.Bucket, secret: String? = nil, isStopped: @escaping @Sendable () -> Bool = { false }
    ) throws -> S3Store {
        try store(bucket.store.endpoint, bucket.name, bucket.store.accessKey, secret ?? bucket.store.secret, isStopped)
    }

    private func store(
        _ endpoint: String, _ bucket: String = "bucket", _ accessKey: String = "AK", _ secret: String = "SK",
        _ isStopped: @escaping @Sendable () -> Bool = { false }
    ) throws -> S3Store {
        var store = S3Store(
            .init(bucket: bucket, prefix: "", endpoint: endpoint, region: "us-east-1"),
            credentials: try .find(in: [
                "AWS_ACCESS_KEY_ID": accessKey, "AWS_SECRET_ACCESS_KEY": secret, "AWS_SESSION_TOKEN": "",
            ]), before: Deadline(after: .seconds(60)), isStopped: isStopped)
        store.pauses = []
        return store
    }

    @Test func `a bucket of another region is told with its region, to every kind of request`() async throws {
        let body = "<Error><Code>PermanentRedirect</Code><Message>Use another.</Message></Error>"
        try await withCannedServer(
            reply: { _ in
                CannedServer.answer(status: 301, headers: ["x-amz-bucket-region: eu-west-3"], body: body)
            }
        ) { server in
            let store = try store("http://127.0.0.1:\(try server.port)")
            func region(_ body: () throws -> Void) -> String? {
                do {
                    try body()
                    return nil
                } catch {
                    guard case .otherRegion(let region, 301, _, true) = error as? StoreFailure else {
                        return "\(error)"
                    }
                    return region
                }
            }
            #expect(region { _ = try store.list(prefix: "") } == "eu-west-3")
            #expect(region { _ = try store.get("k", upTo: 10) } == "eu-west-3")
            #expect(region { _ = try store.delete("k") } == "eu-west-3")
        }
        let words = StoreFailure.otherRegion("eu-west-3", status: 301, message: "m", hasEndpoint: false)
        #expect(
            words.sentence(in: .english)
                == "HTTP 301: m. The bucket is in the region eu-west-3: set BACKUP_UPLOAD_REGION=eu-west-3")
    }

    /// A file of random bytes, open.
    private struct Source {
        let file: FileDescriptor
        let content: Data
        var sha256: String { Checksum.sha256(of: Array(content)) }
    }

    private func withFile(_ bytes: Int, _ body: (Source) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let random = try FileHandle(forReadingFrom: URL(filePath: "/dev/urandom"))
            let content = try random.read(upToCount: bytes) ?? Data()
            try content.write(to: URL(filePath: folder.appending("file").string))
            let file = try FileDescriptor.open(folder.appending("file"), .readOnly)
            defer { try? file.close() }
            try await body(Source(file: file, content: content))
        }
    }

    // MARK: A real one

    @Test(arguments: [0, 1, 100_000, 3 << 20])
    func `what goes in comes out, under a key that has to be escaped`(bytes: Int) async throws {
        let store = try store(try PrivateStore.bucket())
        try await withFile(bytes) { source in
            try store.put(source.file, bytes: bytes, sha256: source.sha256, as: key)
            #expect(try store.get(key, upTo: bytes) == Array(source.content))
            #expect(try store.list(prefix: "") == [.init(key: key, bytes: bytes)])
        }
    }

    /// S3 takes no parts below 5 MiB but the last.
    @Test func `what is longer than a part goes in parts`() async throws {
        let bucket = try PrivateStore.bucket()
        var store = try store(bucket)
        store.partSize = 5 << 20
        let bytes = 2 * store.partSize + 1
        try await withFile(bytes) { source in
            let progress = Mutex<[Int]>([])
            try store.put(source.file, bytes: bytes, sha256: source.sha256, as: key) { sent in
                progress.withLock { $0.append(sent) }
            }
            #expect(try store.get(key, upTo: bytes) == Array(source.content))
            #expect(try store.head(key).header("ETag")?.hasSuffix("-3\"") == true)
            #expect(try bucket.partialUploads().isEmpty)
            let seen = progress.withLock { $0 }
            #expect(seen == seen.sorted() && seen.last == bytes)
        }
    }

    @Test func `64 MiB go in one request, one byte more in two`() async throws {
        let store = try store(try PrivateStore.bucket())
        for (extra, isInParts) in [(0, false), (1, true)] {
            let bytes = (64 << 20) + extra
            try await withFile(bytes) { source in
                try store.put(source.file, bytes: bytes, sha256: source.sha256, as: key)
                let head = try store.head(key)
                #expect(head.header("Content-Length") == "\(bytes)")
                #expect(head.header("ETag")?.contains("-2") == isInParts)
                #expect(try store.get(key, upTo: bytes).map { Checksum.sha256(of: $0) } == source.sha256)
            }
        }
    }

    @Test func `a list goes over pages, and a removal of nothing is fine`() async throws {
        var store = try store(try PrivateStore.bucket())
        store.pageSize = 2
        let keys = (1...5).map { "a/\($0)+=" }
        for key in keys + ["b/1", "a"] { try store.put(Array(key.utf8), as: key) }
        #expect(try store.list(prefix: "a/").map(\.key) == keys)
        #expect(try store.get("b/1", upTo: 10) == Array("b/1".utf8))
        #expect(try store.get("absent", upTo: 10) == nil)
        #expect(throws: StoreFailure.unreachable("b/1 is longer than 2 bytes")) { try store.get("b/1", upTo: 2) }
        try store.delete("a/1+=")
        try store.delete("a/1+=")
        #expect(try store.list(prefix: "a/").map(\.key) == Array(keys.dropFirst()))
    }

    @Test func `a bucket that is not there is no empty one`() async throws {
        let store = try store(try PrivateStore.bucket().sibling("not-there"))
        func isMissing(_ error: any Error) -> Bool {
            guard case .refused(404, let message) = error as? StoreFailure else { return false }
            return message.hasPrefix("NoSuchBucket: ")
        }
        #expect { try store.get(key, upTo: 10) } throws: { isMissing($0) }
        #expect { try store.list(prefix: "") } throws: { isMissing($0) }
        #expect { try store.put([1], as: key) } throws: { isMissing($0) }
    }

    @Test func `a wrong secret is refused, and neither secret nor signature is repeated`() async throws {
        let store = try store(try PrivateStore.bucket(), secret: "canary-secret")
        #expect { try store.put([1], as: key) } throws: { error in
            guard case .refused(403, let message) = error as? StoreFailure else { return false }
            return message.hasPrefix("SignatureDoesNotMatch: ") && !message.contains("canary")
        }
        try await withFile(3 << 20) { source in
            #expect { try store.put(source.file, bytes: 3 << 20, sha256: source.sha256, as: key) } throws: { error in
                guard case .refused(403, _) = error as? StoreFailure else { return false }
                return true
            }
        }
    }

    @Test func `stopped within a part: nothing stays half done`() async throws {
        let bucket = try PrivateStore.bucket()
        let stop = Once()
        var store = try store(bucket, isStopped: { stop.hasHappened })
        store.partSize = 5 << 20
        try await withFile(12 << 20) { source in
            #expect(throws: StoreFailure.self) {
                try store.put(source.file, bytes: 12 << 20, sha256: source.sha256, as: key) { sent in
                    if sent > 6 << 20 { stop.happened() }
                }
            }
        }
        #expect(stop.hasHappened)
        #expect(try bucket.partialUploads().isEmpty)
        #expect(try bucket.keys().isEmpty)
    }

    @Test func `a file that is not what was verified does not become an object`() async throws {
        let bucket = try PrivateStore.bucket()
        var store = try store(bucket)
        store.partSize = 5 << 20
        let other = Checksum.sha256(of: [1])
        for bytes in [1000, 6 << 20] {
            try await withFile(bytes) { source in
                #expect(throws: StoreFailure.checksum(key: key)) {
                    try store.put(source.file, bytes: bytes, sha256: other, as: key)
                }
                #expect(throws: StoreFailure.self) {
                    try store.put(source.file, bytes: bytes + 1, sha256: source.sha256, as: key)
                }
            }
        }
        #expect(try bucket.partialUploads().isEmpty)
        #expect(try bucket.keys().isEmpty)
    }

    // MARK: Answers that no real one gives on demand

    private static let md5 = Checksum.hex(Checksum.md5(of: [1]))

    private func withStore(
        _ reply: @escaping @Sendable (String) -> CannedServer.Reply,
        _ body: (S3Store, CannedServer) async throws -> Void
    ) async throws {
        try await withCannedServer(reply: reply) { server in
            try await body(try store("http://127.0.0.1:\(try server.port)"), server)
        }
    }

    private static func stored(etag: String, bytes: Int = 1, headers: [String] = []) -> CannedServer.Reply {
        .bytes(
            (["HTTP/1.1 200 OK", "ETag: \(etag)", "Content-Length: \(bytes)"] + headers + ["", ""])
                .joined(separator: "\r\n"))
    }

    @Test(arguments: ["\"\(String(repeating: "f", count: 32))\"", "\"\(md5.dropLast())0\""])
    func `another ETag than the checksum is no upload`(etag: String) async throws {
        try await withStore { head in
            head.hasPrefix("PUT") ? Self.stored(etag: etag, bytes: 0) : Self.stored(etag: Self.md5)
        } _: { store, server in
            #expect(throws: StoreFailure.checksum(key: "k")) { try store.put([1], as: "k") }
            #expect(server.requests.count == 1)
        }
    }

    @Test func `the same length and ETag must be there afterwards`() async throws {
        for (etag, bytes) in [(Self.md5, 2), ("\"\(String(repeating: "0", count: 32))\"", 1)] {
            try await withStore { head in
                head.hasPrefix("PUT") ? Self.stored(etag: Self.md5, bytes: 0) : Self.stored(etag: etag, bytes: bytes)
            } _: { store, _ in
                #expect(throws: StoreFailure.checksum(key: "k")) { try store.put([1], as: "k") }
            }
        }
    }

    @Test(arguments: ["aws:kms", "aws:kms:dsse"])
    func `an ETag of what was encrypted with a key service is no checksum`(encryption: String) async throws {
        try await withStore { head in
            Self.stored(
                etag: "\"\(String(repeating: "f", count: 32))\"", bytes: head.hasPrefix("PUT") ? 0 : 1,
                headers: ["x-amz-server-side-encryption: \(encryption)"])
        } _: { store, _ in
            try store.put([1], as: "k")
        }
    }

    @Test func `a busy store is asked again, and given up after three times`() async throws {
        let busy = CannedServer.answer(
            status: 503, body: "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"
        )
        for (failures, succeeds) in [(2, true), (3, false)] {
            let left = Mutex(failures)
            try await withStore { head in
                guard head.hasPrefix("PUT") else { return Self.stored(etag: Self.md5) }
                let isBusy = left.withLock { left in
                    left -= 1
                    return left >= 0
                }
                return isBusy ? busy : Self.stored(etag: Self.md5, bytes: 0)
            } _: { store, server in
                var store = store
                store.pauses = [.milliseconds(10), .milliseconds(10)]
                if succeeds {
                    try store.put([1], as: "k")
                } else {
                    #expect(
                        throws: StoreFailure.refused(
                            status: 503, message: "SlowDown: Please reduce your request rate.")
                    ) { try store.put([1], as: "k") }
                }
                #expect(server.requests.count { $0.hasPrefix("PUT") } == 3)
            }
        }
    }

    @Test func `a store that hangs is given up`() async throws {
        try await withStore { _ in
            .silence
        } _: { store, _ in
            var store = store
            store.stallTimeout = .seconds(1)
            let time = ContinuousClock().measure {
                #expect { try store.list(prefix: "") } throws: { error in
                    guard case .unreachable(let words) = error as? StoreFailure else { return false }
                    return words.contains("nothing moved for 1.0 s")
                }
            }
            #expect(time < .seconds(10))
            store.stallTimeout = .seconds(60)
            store.deadline = Deadline(after: .seconds(1))
            #expect(throws: StoreFailure.self) { try store.list(prefix: "") }
        }
    }

    /// What a store would answer to an upload of two parts.
    private static func parts(
        _ head: String, completion: CannedServer.Reply, tag: String? = nil
    ) -> CannedServer.Reply {
        let path = head.split(separator: " ").dropFirst().first ?? ""
        let checksum = head.split(separator: "\r\n").first { $0.hasPrefix("Content-MD5: ") }?.dropFirst(13)
        let md5 = checksum.flatMap { Data(base64Encoded: String($0)) }.map { Checksum.hex($0) } ?? ""
        switch (head.prefix(4), path) {
        case ("POST", let path) where path.hasSuffix("?uploads="):
            return CannedServer.answer(
                body: "<InitiateMultipartUploadResult><UploadId>id+/=1</UploadId></InitiateMultipartUploadResult>")
        case ("PUT ", _): return stored(etag: "\"\(tag ?? md5)\"", bytes: 0)
        case ("POST", _): return completion
        case ("HEAD", _):
            let whole = Checksum.hex(
                Checksum.md5(of: Checksum.md5(of: Array("ab".utf8)) + Checksum.md5(of: Array("c".utf8))))
            return stored(etag: "\"\(whole)-2\"", bytes: 3)
        default: return CannedServer.answer(status: 204)
        }
    }

    private func putParts(_ store: S3Store) async throws {
        var store = store
        store.partSize = 2
        try await withTemporaryFolder { folder in
            try "abc".write(toFile: folder.appending("f").string, atomically: true, encoding: .utf8)
            let file = try FileDescriptor.open(folder.appending("f"), .readOnly)
            defer { try? file.close() }
            try store.put(file, bytes: 3, sha256: Checksum.sha256(of: Array("abc".utf8)), as: "k")
        }
    }

    private static let completed = CannedServer.answer(
        body: "<CompleteMultipartUploadResult><ETag>x</ETag></CompleteMultipartUploadResult>")

    private func aborts(_ server: CannedServer) -> Int {
        server.requests.count { $0.hasPrefix("DELETE /bucket/k?uploadId=id%2B%2F%3D1 ") }
    }

    @Test func `parts are sent, named and completed`() async throws {
        try await withStore { head in
            Self.parts(head, completion: Self.completed)
        } _: { store, server in
            try await putParts(store)
            let lines = server.requests.map { $0.split(separator: " ").prefix(2).joined(separator: " ") }
            #expect(
                lines == [
                    "POST /bucket/k?uploads=", "PUT /bucket/k?partNumber=1&uploadId=id%2B%2F%3D1",
                    "PUT /bucket/k?partNumber=2&uploadId=id%2B%2F%3D1", "POST /bucket/k?uploadId=id%2B%2F%3D1",
                    "HEAD /bucket/k",
                ])
        }
    }

    @Test func `a part with another checksum is given up, and nothing stays half done`() async throws {
        try await withStore { head in
            Self.parts(head, completion: Self.completed, tag: String(repeating: "e", count: 32))
        } _: { store, server in
            await #expect(throws: StoreFailure.checksum(key: "k")) { try await putParts(store) }
            #expect(aborts(server) == 1)
        }
    }

    @Test func `a completion that fails with status 200 is a failure`() async throws {
        let failed = CannedServer.answer(
            body: "  <Error><Code>InternalError</Code><Message>We encountered one.</Message></Error>")
        try await withStore { head in
            head.hasPrefix("HEAD") ? CannedServer.answer(status: 404) : Self.parts(head, completion: failed)
        } _: { store, server in
            await #expect(
                throws: StoreFailure.refused(status: 200, message: "InternalError: We encountered one.")
            ) { try await putParts(store) }
            #expect(aborts(server) == 1)
        }
    }

    @Test func `a completion whose answer is lost is looked up`() async throws {
        try await withStore { head in
            Self.parts(head, completion: .hangUp)
        } _: { store, server in
            try await putParts(store)
            #expect(aborts(server) == 0)
        }
    }

    @Test(arguments: [
        "", "no XML", "<Other></Other>", "<ListBucketResult><Contents><Key>k</Key></Contents></ListBucketResult>",
        "<ListBucketResult><Contents><Key>k</Key><Size>many</Size></Contents></ListBucketResult>",
        "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>",
        "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken></ListBucketResult>",
    ])
    func `a list that can't be read, or has no end, is no list`(body: String) async throws {
        try await withStore { _ in
            CannedServer.answer(body: body)
        } _: { store, _ in
            #expect { try store.list(prefix: "") } throws: { error in
                guard case .unreachable(let words) = error as? StoreFailure else { return false }
                return words.contains("can't be read")
            }
        }
    }

    @Test func `a refusal that is no XML is told on one line, and not without end`() async throws {
        try await withStore { _ in
            CannedServer.answer(status: 400, body: "bad\nrequest" + String(repeating: "!", count: 5000))
        } _: { store, _ in
            #expect { try store.list(prefix: "") } throws: { error in
                guard case .refused(400, let words) = error as? StoreFailure else { return false }
                return words.hasPrefix(#"bad\nrequest!"#) && words.count < 300
            }
        }
    }

    @Test func `a session's token is sent and signed, the secret never`() async throws {
        try await withStore { _ in
            CannedServer.answer(body: "<ListBucketResult></ListBucketResult>")
        } _: { store, server in
            let temporary = S3Store(
                store.location,
                credentials: try .find(in: [
                    "AWS_ACCESS_KEY_ID": "AK", "AWS_SECRET_ACCESS_KEY": "canary", "AWS_SESSION_TOKEN": "to/ken",
                ]), before: store.deadline, isStopped: { false })
            _ = try temporary.list(prefix: "")
            let head = try #require(server.requests.first)
            #expect(head.contains("x-amz-security-token: to/ken\r\n"))
            #expect(
                head.contains("SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,"), "\(head)")
            #expect(!head.contains("canary"))
        }
    }
}
