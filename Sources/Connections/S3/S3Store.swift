import Decisions
import FoundationEssentials
import Glibc
package import Host

/// A bucket of an S3-compatible store, asked over libcurl. Calls block their thread.
package struct S3Store: Sendable {
    package struct Object: Equatable, Sendable {
        package let key: String
        package let bytes: Int
    }

    package let location: StoreLocation
    let credentials: StoreCredentials
    /// By when all calls together are over.
    var deadline: Deadline
    /// Ends the call that is under way.
    var isStopped: @Sendable () -> Bool

    /// Of one request, in bytes; what is longer is sent in parts.
    var partSize = 64 << 20
    /// Of a list.
    var pageSize = 1000
    /// A store that says nothing for so long will say nothing any more.
    var stallTimeout = Duration.seconds(60)
    /// Before the second try, the third, and so on: a busy store says 503 and means "later".
    var pauses: [Duration] = [.seconds(1), .seconds(4)]

    package init(
        _ location: StoreLocation, credentials: StoreCredentials, before deadline: Deadline,
        isStopped: @escaping @Sendable () -> Bool
    ) {
        self.location = location
        self.credentials = credentials
        self.deadline = deadline
        self.isStopped = isStopped
    }

    /// The bytes of a small object, which are never more than the limit; `nil` where there is none.
    package func get(_ key: String, upTo limit: Int) throws(StoreFailure) -> [UInt8]? {
        var call = Call(.get, key)
        call.limit = max(limit, 64 << 10)  // a refusal may be longer than the object
        let answer = try send(call)
        if answer.status == 404, Refusal(answer).code == "NoSuchKey" { return nil }
        let body = try checked(answer, of: call).body
        guard body.count <= limit else { throw .unreachable("\(key) is longer than \(limit) bytes") }
        return body
    }

    /// One that is not there is fine.
    package func delete(_ key: String) throws(StoreFailure) {
        let call = Call(.delete, key)
        let answer = try send(call)
        if answer.status == 404, Refusal(answer).code == "NoSuchKey" { return }
        _ = try checked(answer, of: call)
    }

    /// All objects whose keys start like that: ListObjectsV2, page after page.
    package func list(prefix: String) throws(StoreFailure) -> [Object] {
        var objects: [Object] = []
        var token: String?
        repeat {
            var call = Call(.get)
            call.parameters = [.init("list-type", "2"), .init("max-keys", "\(pageSize)"), .init("prefix", prefix)]
            if let token { call.parameters.append(.init("continuation-token", token)) }
            let page = try ask(call, for: "ListBucketResult")
            for element in page.children("Contents") {
                guard let key = element.child("Key")?.text, let bytes = element.child("Size").flatMap({ Int($0.text) })
                else { throw Self.unreadable("ListBucketResult") }
                objects.append(Object(key: key, bytes: bytes))
            }
            let next = page.child("NextContinuationToken")?.text
            guard page.child("IsTruncated")?.text == "true" else { return objects }
            guard next != token, next?.isEmpty == false, objects.count <= 1_000_000 else {
                throw Self.unreadable("ListBucketResult")  // a list without an end
            }
            token = next
        } while true
    }

    /// What the store says of an object: its length and its ETag.
    func head(_ key: String) throws(StoreFailure) -> HTTPResponse {
        let call = Call(.head, key)
        return try checked(try send(call), of: call)
    }
}

// MARK: Requests

extension S3Store {
    struct Call {
        let method: HTTPRequest.Method
        let key: String
        var parameters: [S3Address.Parameter] = []
        var headers: [HTTPHeader] = []
        var body: [UInt8] = []
        var file: HTTPFilePart?
        /// Of what is sent; every answer but a manifest's is a page of a list at most.
        var sha256 = Checksum.sha256(of: [])
        var limit = XMLElement.longest
        /// Whether it may be sent again when nobody knows whether it was carried out.
        var isRepeatable = true
        /// How much of the file was sent.
        var progress: @Sendable (Int) -> Void = { _ in }

        init(_ method: HTTPRequest.Method, _ key: String = "") {
            self.method = method
            self.key = key
        }
    }

    /// Tries again where that may help. Any answer is one, whatever its status.
    func send(_ call: Call) throws(StoreFailure) -> HTTPResponse {
        var pauses = pauses[...]
        while true {
            let result = Result { () throws(HTTPFailure) in try CurlClient().send(request(call)) }
            switch result {
            case .success(let answer) where ![429, 500, 502, 503, 504].contains(answer.status): return answer
            case .success(let answer): if pauses.isEmpty { return answer }
            case .failure(.stopped), .failure(.unreadableFile), .failure(.unsupported), .failure(.tooLarge):
                throw failure(result)
            case .failure: if pauses.isEmpty || !call.isRepeatable { throw failure(result) }
            }
            let end = Deadline(after: pauses.removeFirst())
            while !end.isOver {
                guard !isStopped(), !deadline.isOver else { throw failure(result) }
                usleep(50_000)
            }
        }
    }

    private func request(_ call: Call) -> HTTPRequest {
        var headers = call.headers + [HTTPHeader("x-amz-content-sha256", call.sha256)]
        if let token = credentials.sessionToken { headers.append(.init("x-amz-security-token", token.reveal())) }
        let timeout = deadline.remaining
        var request = HTTPRequest(
            call.method, S3Address(location).url(call.key, call.parameters), headers: headers, body: call.body,
            timeout: timeout, connectTimeout: min(timeout, .seconds(30)), bodyPolicy: .collect(upTo: call.limit))
        request.file = call.file
        request.signature = HTTPSignature(
            region: location.region, accessKey: credentials.accessKey, secret: credentials.secret)
        request.stallTimeout = stallTimeout
        request.watch = { [isStopped] sent in
            call.progress(sent)
            return !isStopped()
        }
        return request
    }

    /// An answer that must be this document.
    func ask(_ call: Call, for root: String) throws(StoreFailure) -> XMLElement {
        let answer = try checked(try send(call), of: call)
        guard let document = try? XMLElement(answer.body) else { throw Self.unreadable(root) }
        // A store that began to answer before it was done has no other way left to say that it failed.
        if document.name == "Error" { throw .refused(status: answer.status, message: Refusal(answer).message) }
        guard document.name == root else { throw Self.unreadable(root) }
        return document
    }

    func checked(_ answer: HTTPResponse, of call: Call) throws(StoreFailure) -> HTTPResponse {
        guard (200..<300).contains(answer.status) else {
            let refusal = Refusal(answer)
            let message = refusal.message.isEmpty ? "\(call.method.rawValue) \(call.key)" : refusal.message
            throw refused(answer, message)
        }
        return answer
    }

    /// A bucket of another region says so in a header, also to a HEAD, or in its words (AuthorizationHeaderMalformed).
    private func refused(_ answer: HTTPResponse, _ message: String) -> StoreFailure {
        let named = answer.header("x-amz-bucket-region") ?? (try? XMLElement(answer.body))?.child("Region")?.text
        guard let region = named, StoreLocation.isRegion(region), region != location.region else {
            return .refused(status: answer.status, message: message)
        }
        return .otherRegion(
            region, status: answer.status, message: message, hasEndpoint: location.endpoint != nil)
    }

    static func unreadable(_ root: String) -> StoreFailure {
        .unreachable("the store's answer can't be read: it is no \(root)")
    }

    private func failure(_ result: Result<HTTPResponse, HTTPFailure>) -> StoreFailure {
        let bucket = S3Address(location).bucket
        switch result {
        case .failure(let failure): return .unreachable("\(bucket): \(failure)")
        case .success(let answer): return refused(answer, Refusal(answer).message)
        }
    }

    /// The store's own words, on one line: its code and its message, and nothing else of its answer, which may repeat
    /// what was signed.
    private struct Refusal {
        let code: String
        let message: String

        init(_ answer: HTTPResponse) {
            guard let error = try? XMLElement(answer.body), error.name == "Error" else {
                code = ""
                message = String(answer.text.prefix(200)).escapingControls()
                return
            }
            code = error.child("Code")?.text ?? ""
            let words = [code, error.child("Message")?.text ?? ""].filter { !$0.isEmpty }
            message = String(words.joined(separator: ": ").prefix(500)).escapingControls()
        }
    }
}
