import FoundationEssentials
package import Host
import Synchronization

/// Docker's Engine API over its socket; speaks the version that the engine and we both know.
///
/// Every call has a time-out of its own, inside the run's deadline, and never repeats itself: a time-out does not cancel
/// what the engine began, so its caller looks again.
package final class DockerEngine: Sendable {
    package let address: DockerAddress
    private let client = CurlClient()
    private let spoken = Mutex<DockerVersion?>(nil)

    package init(_ address: DockerAddress) {
        self.address = address
    }

    /// Asks for the engine's version, without which no other call is made.
    /// - Returns: the version that both speak.
    @discardableResult
    package func ping(before deadline: Deadline) throws(DockerFailure) -> DockerVersion {
        let action = "ask Docker for its version"
        let response = try send(Call(action: action, path: "/_ping", timeout: .seconds(2)), before: deadline)
        guard let text = response.header("Api-Version"), let theirs = DockerVersion(text) else {
            throw .unreadable(action: action, detail: "no Api-Version in the answer: is it Docker that listens there?")
        }
        guard let version = DockerVersion.spoken(withNewestOfTheirs: theirs) else {
            throw .unsupportedVersion(theirs: "\(theirs)", oldestOfOurs: "\(DockerVersion.oldest)")
        }
        spoken.withLock { $0 = version }
        return version
    }

    /// Containers that carry all these labels (`name` or `name=value`), running or not.
    package func containers(labelled labels: [String], before deadline: Deadline) throws(DockerFailure)
        -> [DockerContainer]
    {
        try containers(matching: ["label": labels], action: "list the containers", before: deadline)
    }

    /// All of this host, whosever they are.
    package func allContainers(before deadline: Deadline) throws(DockerFailure) -> [DockerContainer] {
        try containers(matching: [:], action: "list the containers", before: deadline)
    }

    /// The ports of this host that a container takes whenever it runs; none where it is gone.
    package func publishedPorts(of id: ContainerID, before deadline: Deadline) throws(DockerFailure) -> Set<UInt16> {
        try inspection(of: id, before: deadline)?.host?.ports ?? []
    }

    package func container(_ id: ContainerID, before deadline: Deadline) throws(DockerFailure) -> DockerContainer? {
        try containers(matching: ["id": [id.text]], action: "look at a container", before: deadline)
            .first { $0.id == id }
    }

    /// In bytes: more than 1000 containers, the most that `MAX_BACKENDS` allows, with 8 KiB for each.
    package static let largestList = 8 << 20

    private func containers(
        matching filters: [String: [String]], action: String, before deadline: Deadline
    ) throws(DockerFailure) -> [DockerContainer] {
        let filters = String(decoding: try json(filters, action: action), as: UTF8.self).escapedForURL
        var call = Call(action: action, path: "/containers/json?all=1&filters=\(filters)", timeout: .seconds(5))
        call.largestAnswer = Self.largestList
        return try decode([DockerContainer].self, from: try ask(call, before: deadline), action: action)
    }

    /// The first process of a container; `nil` while it does not run.
    package func processID(of id: ContainerID, before deadline: Deadline) throws(DockerFailure) -> Int32? {
        guard let state = try inspection(of: id, before: deadline)?.state else { return nil }
        return state.isRunning && state.processID > 0 ? state.processID : nil
    }

    func inspection(of id: ContainerID, before deadline: Deadline) throws(DockerFailure) -> DockerInspection? {
        try find(
            DockerInspection.self, "/containers/\(id.text)/json", action: "look at a container",
            timeout: .seconds(5), before: deadline)
    }

    /// One thing by its name or id; `nil` where it is not there.
    func find<Message: Decodable>(
        _ type: Message.Type, _ path: String, action: String, timeout: Duration, before deadline: Deadline
    ) throws(DockerFailure) -> Message? {
        let call = Call(action: action, path: path, timeout: timeout, accepted: [404])
        let response = try ask(call, before: deadline)
        return response.status == 404 ? nil : try decode(type, from: response, action: action)
    }

    package func hasImage(_ name: String, before deadline: Deadline) throws(DockerFailure) -> Bool {
        let path = "/images/\(name.escapedForURL)/json"
        let call = Call(action: "look for the image \(name)", path: path, timeout: .seconds(5), accepted: [404])
        return try ask(call, before: deadline).status != 404
    }

    /// - Throws: `refused` with 404 where the image is not there, with 409 where the name is taken.
    package func create(
        _ container: NewContainer, name: String, before deadline: Deadline
    ) throws(DockerFailure) -> ContainerID {
        let action = "create \(name)"
        let path = "/containers/create?name=\(name.escapedForURL)"
        var call = Call(.post, action: action, path: path, timeout: .seconds(10))
        call.body = try json(container, action: action)
        return try decode(DockerCreated.self, from: try ask(call, before: deadline), action: action).id
    }

    /// One that runs already is fine (304).
    package func start(_ id: ContainerID, name: String, before deadline: Deadline) throws(DockerFailure) {
        let path = "/containers/\(id.text)/start"
        let call = Call(.post, action: "start \(name)", path: path, timeout: .seconds(15), accepted: [304])
        _ = try ask(call, before: deadline)
    }

    /// One that does not run (304) or is gone (404) is fine.
    /// - Parameter patience: from SIGTERM to SIGKILL; whole seconds, rounded up.
    package func stop(
        _ id: ContainerID, name: String, patience: Duration, before deadline: Deadline
    ) throws(DockerFailure) {
        let seconds = Int((patience / .seconds(1)).rounded(.up))
        let path = "/containers/\(id.text)/stop?t=\(seconds)"
        let timeout: Duration = .seconds(seconds + 5)
        let call = Call(.post, action: "stop \(name)", path: path, timeout: timeout, accepted: [304, 404])
        _ = try ask(call, before: deadline)
    }

    /// Takes its anonymous volumes, too. One that is gone (404) or going (409, unless the words are that it runs) is fine.
    /// - Parameter killing: it may run, and has no requests.
    /// - Throws: `refused` with 409 where it runs and may not be killed.
    package func remove(
        _ id: ContainerID, name: String, killing: Bool = false, before deadline: Deadline
    ) throws(DockerFailure) {
        let path = "/containers/\(id.text)?\(killing ? "force=1&" : "")v=1"
        let call = Call(.delete, action: "remove \(name)", path: path, timeout: .seconds(5), accepted: [404, 409])
        let response = try ask(call, before: deadline)
        let words = response.refusal
        guard response.status == 409, ["running", "restarting", "paused"].contains(where: words.contains) else {
            return
        }
        throw .refused(action: call.action, status: 409, message: words)
    }
}

// MARK: Any call

extension DockerEngine {
    /// In bytes, where a call has no limit of its own.
    package static let largestAnswer = 1 << 20

    /// One call of the API.
    package struct Call: Sendable {
        package let method: HTTPRequest.Method
        /// For people: what is attempted, as in "start app_backend_1".
        package let action: String
        /// With its query, escaped, without the version.
        package let path: String
        package let timeout: Duration
        /// Statuses other than 2xx that are no refusal.
        package let accepted: Set<Int>
        package var body: [UInt8] = []
        package var contentType = "application/json"
        /// In bytes.
        package var largestAnswer = DockerEngine.largestAnswer

        package init(
            _ method: HTTPRequest.Method = .get, action: String, path: String, timeout: Duration,
            accepted: Set<Int> = []
        ) {
            self.method = method
            self.action = action
            self.path = path
            self.timeout = timeout
            self.accepted = accepted
        }
    }

    /// Makes a call in the version that both speak, and asks for that first where it is not known yet.
    package func ask(_ call: Call, before deadline: Deadline) throws(DockerFailure) -> HTTPResponse {
        let known = spoken.withLock { $0 }
        let version = if let known { known } else { try ping(before: deadline) }
        return try send(call, version: version, before: deadline)
    }

    private func send(
        _ call: Call, version: DockerVersion? = nil, before deadline: Deadline
    ) throws(DockerFailure) -> HTTPResponse {
        let path = version.map { "/v\($0)\(call.path)" } ?? call.path
        let timeout = deadline.limited(call.timeout)
        var request = HTTPRequest(
            call.method, "http://docker\(path)", timeout: timeout, connectTimeout: min(timeout, .seconds(2)),
            bodyPolicy: .collect(upTo: call.largestAnswer))
        switch address.endpoint {
        case .unixSocket(let socket): request.unixSocket = socket
        case .tcp(let host, let port): request.url = "http://\(host):\(port)\(path)"
        }
        if call.method == .post {
            request.headers = [HTTPHeader("Content-Type", call.contentType)]
            request.body = call.body
        }
        let response: HTTPResponse
        do throws(HTTPFailure) {
            response = try client.send(request)
        } catch {
            throw DockerFailure(error, action: call.action, address: address)
        }
        guard (200...299).contains(response.status) || call.accepted.contains(response.status) else {
            throw .refused(action: call.action, status: response.status, message: response.refusal)
        }
        return response
    }

    func decode<Message: Decodable>(
        _ type: Message.Type, from response: HTTPResponse, action: String
    ) throws(DockerFailure) -> Message {
        do {
            return try OutsideJSON.decode(type, from: response.body)
        } catch {
            throw .unreadable(action: action, detail: "the answer is not the JSON that Docker sends\(error.place)")
        }
    }

    func json(_ message: some Encodable, action: String) throws(DockerFailure) -> [UInt8] {
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return Array(try encoder.encode(message))
        } catch {
            throw .unreadable(action: action, detail: "the request can't be written as JSON: \(error)")
        }
    }
}

extension HTTPResponse {
    /// Docker's own words, or the beginning of whatever came instead.
    var refusal: String {
        (try? OutsideJSON.decode(DockerRefusal.self, from: body).message) ?? String(text.prefix(200))
    }
}

extension Error {
    /// Where decoding stopped, as ` (at 0.Ports.1)`.
    fileprivate var place: String {
        let context: DecodingError.Context? =
            switch self as? DecodingError {
            case .dataCorrupted(let context), .keyNotFound(_, let context), .typeMismatch(_, let context),
                .valueNotFound(_, let context):
                context
            default: nil
            }
        let path = context?.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue } ?? []
        return path.isEmpty ? "" : " (at \(path.joined(separator: ".")))"
    }
}

extension String {
    /// Everything but RFC 3986's unreserved characters as `%XX`.
    var escapedForURL: String {
        utf8.reduce(into: "") { text, byte in
            switch byte {
            case 48...57, 65...90, 97...122, 45, 46, 95, 126: text.unicodeScalars.append(Unicode.Scalar(byte))
            default: text += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }
    }
}
