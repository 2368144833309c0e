import Foundation
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import Connections

/// A part of a file as the body of a request.
struct FileUploadTests {
    private func withFile<Result>(
        _ bytes: Int, _ body: (FileDescriptor, FilePath) async throws -> Result
    ) async throws -> Result {
        try await withTemporaryFolder { folder in
            let path = folder.appending("file")
            try Data(repeating: 7, count: bytes).write(to: URL(filePath: path.string))
            let file = try FileDescriptor.open(path, .readOnly)
            defer { try? file.close() }
            return try await body(file, path)
        }
    }

    private func put(_ part: HTTPFilePart, _ port: UInt16) -> HTTPRequest {
        var request = HTTPRequest(.put, "http://127.0.0.1:\(port)/x", timeout: .seconds(20))
        request.file = part
        return request
    }

    @Test func `the part is sent, and the file's position stays`() async throws {
        try await withFile(300) { file, _ in
            try file.seek(offset: 7, from: .start)
            try await withCannedServer { _ in
                CannedServer.answer(after: .milliseconds(200))
            } _: { server in
                _ = try CurlClient().send(put(HTTPFilePart(of: file, at: 100, bytes: 50), try server.port))
                let head = try #require(server.requests.first)
                #expect(head.hasPrefix("PUT /x HTTP/1.1\r\n") && head.contains("Content-Length: 50\r\n"))
            }
            #expect(try file.seek(offset: 0, from: .current) == 7)
        }
    }

    @Test func `a file that became shorter is no upload that is whole`() async throws {
        try await withFile(100) { file, _ in
            try await withCannedServer { _ in
                .silence
            } _: { server in
                let request = put(HTTPFilePart(of: file, at: 0, bytes: 1000), try server.port)
                #expect(throws: HTTPFailure.unreadableFile(.noData)) { try CurlClient().send(request) }
            }
        }
    }

    @Test func `a server that takes nothing more stalls, and is given up`() async throws {
        try await withFile(20 << 20) { file, _ in
            try await withCannedServer { _ in
                .silence
            } _: { server in
                var request = put(HTTPFilePart(of: file, at: 0, bytes: 20 << 20), try server.port)
                request.stallTimeout = .seconds(1)
                let time = ContinuousClock().measure {
                    #expect(throws: HTTPFailure.stalled(seconds: 1)) { try CurlClient().send(request) }
                }
                #expect(time < .seconds(10))
            }
        }
    }

    @Test func `a time-out that is over first is told as what it is`() async throws {
        try await withFile(20 << 20) { file, _ in
            try await withCannedServer { _ in
                .silence
            } _: { server in
                for stall in [1, 60] {
                    var request = put(HTTPFilePart(of: file, at: 0, bytes: 20 << 20), try server.port)
                    request.timeout = .milliseconds(300)
                    request.stallTimeout = .seconds(stall)
                    #expect(throws: HTTPFailure.timedOut(seconds: 0.3)) { try CurlClient().send(request) }
                }
            }
        }
    }

    @Test func `the watch sees how far it is, and stops a transfer that does not move`() async throws {
        try await withFile(20 << 20) { file, _ in
            try await withCannedServer { _ in
                .silence
            } _: { server in
                let seen = Mutex(0)
                let begin = ContinuousClock.now
                var request = put(HTTPFilePart(of: file, at: 0, bytes: 20 << 20), try server.port)
                request.watch = { sent in
                    seen.withLock { $0 = sent }
                    return ContinuousClock.now < begin.advanced(by: .milliseconds(500))
                }
                let time = ContinuousClock().measure {
                    #expect(throws: HTTPFailure.stopped) { try CurlClient().send(request) }
                }
                #expect(time < .seconds(3))
                #expect((1..<20 << 20).contains(seen.withLock { $0 }))
            }
        }
    }
}
