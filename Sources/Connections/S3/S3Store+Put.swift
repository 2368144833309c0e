import Crypto
import FoundationEssentials
import Host
package import SystemPackage

extension S3Store {
    /// At most; "Amazon S3 multipart upload limits".
    private static let mostParts = 10_000

    /// Stores bytes that are in memory.
    package func put(_ bytes: [UInt8], as key: String) throws(StoreFailure) {
        var call = Call(.put, key)
        call.body = bytes
        call.sha256 = Checksum.sha256(of: bytes)
        let md5 = Checksum.md5(of: bytes)
        call.headers = [.init("Content-Type", "application/json"), Self.contentMD5(md5)]
        let answer = try checked(try send(call), of: call)
        try compare(Checksum.hex(md5), with: answer, of: key)
        try confirm(key, bytes: bytes.count, Checksum.hex(md5))
    }

    /// Stores a file: in one request, or in parts where it is longer than one.
    ///
    /// Every request is signed with the checksum of what it carries, which the store compares; the ETag that it answers is
    /// compared here, where it is an MD5; and so is the length of what it has in the end.
    /// - Parameters:
    ///   - bytes: how long it is.
    ///   - sha256: of all of it.
    ///   - progress: gets how many bytes were sent so far.
    package func put(
        _ file: FileDescriptor, bytes: Int, sha256: String, as key: String,
        progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) throws(StoreFailure) {
        guard bytes > partSize else { return try putWhole(file, bytes, sha256, key, progress) }
        let upload = try initiate(key)
        do throws(StoreFailure) {
            let parts = try putParts(of: file, bytes, sha256, upload, progress)
            try complete(upload, parts, bytes)
        } catch {
            abandon(upload)
            throw error
        }
    }

    private func putWhole(
        _ file: FileDescriptor, _ bytes: Int, _ sha256: String, _ key: String,
        _ progress: @escaping @Sendable (Int) -> Void
    ) throws(StoreFailure) {
        var call = Call(.put, key)
        call.headers = [Self.contentType]
        let part = HTTPFilePart(of: file, at: 0, bytes: bytes)
        var whole = SHA256()
        let digests = try digests(of: part, into: &whole, key)
        guard digests.sha256 == sha256 else { throw .checksum(key: key) }
        let stored = try putPart(part, digests, call, progress)
        try confirm(key, bytes: bytes, Checksum.hex(stored.md5))
    }

    /// A part as it was sent, and as the store calls it.
    private struct StoredPart {
        let md5: [UInt8]
        /// Its MD5, too, unless the store encrypts with keys of its own.
        let tag: String
    }

    private func putPart(
        _ part: HTTPFilePart, _ digests: HTTPFilePart.Digests, _ call: Call,
        _ progress: @escaping @Sendable (Int) -> Void
    ) throws(StoreFailure) -> StoredPart {
        var call = call
        call.file = part
        call.sha256 = digests.sha256
        call.headers.append(Self.contentMD5(digests.md5))
        call.progress = progress
        let answer = try checked(try send(call), of: call)
        try compare(Checksum.hex(digests.md5), with: answer, of: call.key)
        return StoredPart(md5: digests.md5, tag: answer.header("ETag") ?? "")
    }

    private func digests(
        of part: HTTPFilePart, into whole: inout SHA256, _ key: String
    ) throws(StoreFailure) -> HTTPFilePart.Digests {
        do throws(Errno) {
            return try part.digests(into: &whole)
        } catch {
            throw .file(FileFailure(path: FilePath(key), action: "read", errno: error))
        }
    }

    private static let contentType = HTTPHeader("Content-Type", "application/octet-stream")

    private static func contentMD5(_ md5: [UInt8]) -> HTTPHeader {
        HTTPHeader("Content-MD5", Data(md5).base64EncodedString())
    }
}

// MARK: In parts

extension S3Store {
    /// An upload in parts that was begun: the store keeps the parts, and bills them, until it is completed or aborted.
    package struct PartialUpload: Equatable, Sendable {
        package let key: String
        let id: String
    }

    /// Those of keys that start like that: ListMultipartUploads, its first page.
    package func partialUploads(prefix: String) throws(StoreFailure) -> [PartialUpload] {
        var call = Call(.get)
        call.parameters = [.init("max-uploads", "\(pageSize)"), .init("prefix", prefix), .init("uploads")]
        return try ask(call, for: "ListMultipartUploadsResult").children("Upload").compactMap { upload in
            guard let key = upload.child("Key")?.text, let id = upload.child("UploadId")?.text else { return nil }
            return PartialUpload(key: key, id: id)
        }
    }

    /// Gives its parts up.
    package func abort(_ upload: PartialUpload) throws(StoreFailure) {
        var call = Call(.delete, upload.key)
        call.parameters = [.init("uploadId", upload.id)]
        let answer = try send(call)
        if answer.status != 404 { _ = try checked(answer, of: call) }
    }

    private func initiate(_ key: String) throws(StoreFailure) -> PartialUpload {
        var call = Call(.post, key)
        call.parameters = [.init("uploads")]
        call.headers = [Self.contentType]
        call.isRepeatable = false  // a second one would be another upload
        let document = try ask(call, for: "InitiateMultipartUploadResult")
        guard let id = document.child("UploadId")?.text, !id.isEmpty else {
            throw Self.unreadable("InitiateMultipartUploadResult")
        }
        return PartialUpload(key: key, id: id)
    }

    private func putParts(
        of file: FileDescriptor, _ bytes: Int, _ sha256: String, _ upload: PartialUpload,
        _ progress: @escaping @Sendable (Int) -> Void
    ) throws(StoreFailure) -> [StoredPart] {
        let size = max(partSize, (bytes + Self.mostParts - 1) / Self.mostParts)
        var whole = SHA256()
        var parts: [StoredPart] = []
        for offset in stride(from: 0, to: bytes, by: size) {
            var call = Call(.put, upload.key)
            call.parameters = [.init("partNumber", "\(parts.count + 1)"), .init("uploadId", upload.id)]
            let part = HTTPFilePart(of: file, at: offset, bytes: min(size, bytes - offset))
            let digests = try digests(of: part, into: &whole, upload.key)
            parts.append(try putPart(part, digests, call) { progress(offset + $0) })
        }
        guard Checksum.hex(whole.finalize()) == sha256 else { throw .checksum(key: upload.key) }
        return parts
    }

    /// What comes out of it is looked at where the answer is lost, too: it may have been carried out.
    private func complete(_ upload: PartialUpload, _ parts: [StoredPart], _ bytes: Int) throws(StoreFailure) {
        let expected = Checksum.hex(Checksum.md5(of: parts.flatMap(\.md5))) + "-\(parts.count)"
        var call = Call(.post, upload.key)
        call.parameters = [.init("uploadId", upload.id)]
        call.headers = [.init("Content-Type", "application/xml")]
        call.body = Array(Self.manifest(of: parts).utf8)
        call.sha256 = Checksum.sha256(of: call.body)
        do throws(StoreFailure) {
            _ = try ask(call, for: "CompleteMultipartUploadResult")
        } catch {
            let head = try? head(upload.key)
            guard !isStopped(), let head, Self.etag(of: head) == expected else { throw error }
        }
        try confirm(upload.key, bytes: bytes, expected)
    }

    private static func manifest(of parts: [StoredPart]) -> String {
        let lines = parts.enumerated().map { index, part in
            "<Part><PartNumber>\(index + 1)</PartNumber><ETag>\(XMLElement.escaped(part.tag))</ETag></Part>"
        }
        return "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\(lines.joined())"
            + "</CompleteMultipartUpload>"
    }

    /// Aborts it as well as that can be done in ten seconds, also when we were asked to end; the next run does it else.
    private func abandon(_ upload: PartialUpload) {
        var store = self
        store.deadline = Deadline(after: .seconds(10))
        store.isStopped = { false }
        store.pauses = []
        try? store.abort(upload)
    }
}

// MARK: What the store has

extension S3Store {
    /// HEAD: the object is there, whole.
    private func confirm(_ key: String, bytes: Int, _ expected: String) throws(StoreFailure) {
        let answer = try head(key)
        guard answer.header("Content-Length") == "\(bytes)" else { throw .checksum(key: key) }
        try compare(expected, with: answer, of: key)
    }

    /// ETags are MD5s, unless the store encrypts with keys of a key service ("Object" in Amazon's reference).
    private func compare(_ expected: String, with answer: HTTPResponse, of key: String) throws(StoreFailure) {
        if answer.header("x-amz-server-side-encryption")?.hasPrefix("aws:kms") == true { return }
        guard let etag = Self.etag(of: answer) else { return }
        guard etag == expected else { throw .checksum(key: key) }
    }

    /// Without its quotes; `nil` where it does not look like an MD5, with or without a number of parts.
    private static func etag(of answer: HTTPResponse) -> String? {
        guard let tag = answer.header("ETag")?.filter({ $0 != "\"" }).lowercased() else { return nil }
        let digits = tag.split(separator: "-", maxSplits: 1).first ?? ""
        return digits.utf8.count == 32 && digits.allSatisfy(\.isHexDigit) ? tag : nil
    }
}
