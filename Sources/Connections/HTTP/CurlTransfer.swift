import CCurl
import Glibc
import SystemPackage

/// One request on one easy handle (libcurl-easy(3)), used once.
final class CurlTransfer {
    let handle: UnsafeMutableRawPointer
    let request: HTTPRequest
    private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    private var sentHeaders: UnsafeMutablePointer<curl_slist>?

    private var headers: [HTTPHeader] = []
    private var headerBytes = 0
    private var body: [UInt8] = []
    private var discarded = 0
    var stop = Stop.no
    /// Of the request's file.
    var sent = 0

    /// Why we hung up ourselves.
    enum Stop {
        case no
        case seenEnough
        case tooLarge(limit: Int)
        case unreadable(Errno)
        case asked
    }

    private static let headerLimit = 256 << 10
    private static let discardLimit = 64 << 10

    init(_ request: HTTPRequest) throws(HTTPFailure) {
        guard let handle = curl_easy_init() else { throw .unsupported(detail: "libcurl: out of memory") }
        self.handle = handle
        self.request = request
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        guard request.timeout > .zero, request.connectTimeout > .zero else { throw .timedOut(seconds: 0) }
        try setBehaviour()
        try setRequest()
        try setReceivers()
        try setWatch()
        if request.url.hasPrefix("https://") { try setTrust() }
    }

    deinit {
        curl_easy_cleanup(handle)
        curl_slist_free_all(sentHeaders)
        errorText.deallocate()
    }

    func perform() throws(HTTPFailure) -> HTTPResponse {
        try outcome(of: curl_easy_perform(handle)).get()
    }

    func outcome(of code: CURLcode) -> Result<HTTPResponse, HTTPFailure> {
        switch (code, stop) {
        case (_, .tooLarge(let limit)): .failure(.tooLarge(limit: limit))
        case (_, .unreadable(let errno)): .failure(.unreadableFile(errno))
        case (_, .asked): .failure(.stopped)
        case (CURLE_OK, _), (_, .seenEnough):
            .success(
                HTTPResponse(
                    status: long(CURLINFO_RESPONSE_CODE), headers: headers, body: body, certificateEnd: certificateEnd))
        default: .failure(failure(code))
        }
    }
}

// MARK: What is asked

extension CurlTransfer {
    private func setBehaviour() throws(HTTPFailure) {
        try check(ccurl_set_long(handle, CURLOPT_NOSIGNAL, 1))  // time-outs without SIGALRM
        try check(ccurl_set_protocols(handle))
        try check(ccurl_set_long(handle, CURLOPT_FOLLOWLOCATION, 0))
        try check(ccurl_set_string(handle, CURLOPT_PROXY, ""))
        try check(ccurl_set_string(handle, CURLOPT_NOPROXY, "*"))
        try check(ccurl_set_long(handle, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1)))
        try check(ccurl_set_long(handle, CURLOPT_FRESH_CONNECT, 1))
        try check(ccurl_set_long(handle, CURLOPT_FORBID_REUSE, 1))
        try check(ccurl_set_quick_exit(handle))
        try check(ccurl_set_long(handle, CURLOPT_TIMEOUT_MS, request.timeout.curlMilliseconds))
        try check(ccurl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, request.connectTimeout.curlMilliseconds))
    }

    private func setRequest() throws(HTTPFailure) {
        try setString(CURLOPT_URL, request.url)
        try setString(CURLOPT_USERAGENT, "autoscale")
        if let socket = request.unixSocket { try setString(CURLOPT_UNIX_SOCKET_PATH, socket) }
        switch request.method {
        case .get: try check(ccurl_set_long(handle, CURLOPT_HTTPGET, 1))
        case .head: try check(ccurl_set_long(handle, CURLOPT_NOBODY, 1))
        case .delete: try setString(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        case .post: try setBody()
        case .put:
            if let file = request.file {
                try setFile(file)
            } else {
                try setBody()
                try setString(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
            }
        }
        switch request.opening {
        case .http: break
        case .proxyProtocol: try check(ccurl_set_long(handle, CURLOPT_HAPROXYPROTOCOL, 1))
        case .anyAnswer: try check(ccurl_set_long(handle, CURLOPT_HTTP09_ALLOWED, 1))
        }
        if let signature = request.signature { try setSignature(signature) }
        // An empty value takes curl's own "Expect: 100-continue" back, which some servers never answer. A signature would
        // name it as a header that was sent, and S3 answers it: it refuses before 64 MiB are on their way.
        let expectation = request.signature == nil ? [HTTPHeader("Expect", "")] : []
        for header in request.headers + expectation { try add(header) }
        try check(ccurl_set_pointer(handle, CURLOPT_HTTPHEADER, sentHeaders))
    }

    private func setBody() throws(HTTPFailure) {
        try check(ccurl_set_long(handle, CURLOPT_POST, 1))
        try check(ccurl_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count)))
        // Never a null pointer: libcurl would read the body from a callback, by default from stdin.
        try check(
            (request.body + [0]).withUnsafeBytes {
                ccurl_set_pointer(handle, CURLOPT_COPYPOSTFIELDS, $0.baseAddress)
            })
    }

    private func add(_ header: HTTPHeader) throws(HTTPFailure) {
        let line = "\(header.name):\(header.value.isEmpty ? "" : " \(header.value)")"
        guard !header.name.isEmpty, !line.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) else {
            throw .unsupported(detail: "a header may not hold control characters")
        }
        guard let list = curl_slist_append(sentHeaders, line) else {
            throw .unsupported(detail: "libcurl: out of memory")
        }
        sentHeaders = list
    }

    func setString(_ option: CURLoption, _ text: String) throws(HTTPFailure) {
        guard !text.utf8.contains(0) else { throw .unsupported(detail: "a NUL in an address") }
        try check(ccurl_set_string(handle, option, text))
    }

    func check(_ code: CURLcode) throws(HTTPFailure) {
        guard code == CURLE_OK else { throw .unsupported(detail: String(cString: curl_easy_strerror(code))) }
    }
}

// MARK: What is answered

extension CurlTransfer {
    private func setReceivers() throws(HTTPFailure) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        try check(ccurl_set_pointer(handle, CURLOPT_ERRORBUFFER, errorText))
        try check(ccurl_set_pointer(handle, CURLOPT_HEADERDATA, context))
        try check(ccurl_set_pointer(handle, CURLOPT_WRITEDATA, context))
        try check(
            ccurl_set_receive(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
                CurlTransfer.received(bytes, size * count, context) { $0.receiveHeader($1) }
            })
        try check(
            ccurl_set_receive(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
                CurlTransfer.received(bytes, size * count, context) { $0.receiveBody($1) }
            })
    }

    static func transfer(_ context: UnsafeMutableRawPointer?) -> CurlTransfer? {
        context.map { Unmanaged<CurlTransfer>.fromOpaque($0).takeUnretainedValue() }
    }

    /// - Returns: the bytes taken; fewer than given make libcurl hang up.
    private static func received(
        _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int, _ context: UnsafeMutableRawPointer?,
        _ take: (CurlTransfer, UnsafeRawBufferPointer) -> Bool
    ) -> Int {
        guard let transfer = transfer(context) else { return 0 }
        return take(transfer, UnsafeRawBufferPointer(start: bytes, count: count)) ? count : 0
    }

    private func receiveHeader(_ bytes: UnsafeRawBufferPointer) -> Bool {
        headerBytes += bytes.count
        guard headerBytes <= Self.headerLimit else {
            stop = .tooLarge(limit: Self.headerLimit)
            return false
        }
        if bytes.starts(with: "HTTP/".utf8) {  // a 100 may come before the answer
            headers = []
        } else if let colon = bytes.firstIndex(of: UInt8(ascii: ":")) {
            headers.append(
                HTTPHeader(
                    String(decoding: bytes[..<colon], as: UTF8.self), bytes[(colon + 1)...].textWithoutOuterSpace))
        }
        return true
    }

    private func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        switch request.bodyPolicy {
        case .discard:
            discarded += bytes.count
            if discarded > Self.discardLimit { stop = .seenEnough }
            return discarded <= Self.discardLimit
        case .collect(let limit):
            guard body.count + bytes.count <= limit else {
                stop = .tooLarge(limit: limit)
                return false
            }
            body.append(contentsOf: bytes)
            return true
        }
    }

    private func failure(_ code: CURLcode) -> HTTPFailure {
        switch code {
        case CURLE_COULDNT_CONNECT:
            switch Int32(truncatingIfNeeded: long(CURLINFO_OS_ERRNO)) {
            case ECONNREFUSED: .refused
            case EACCES, EPERM: .notPermitted
            case ENOENT: .noSuchSocket
            default: .unreachable(detail: detail(code))
            }
        case CURLE_OPERATION_TIMEDOUT: timeout
        case CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_SEND_ERROR:
            .cutShort(detail: detail(code))
        case CURLE_PEER_FAILED_VERIFICATION: .untrusted(detail: detail(code))
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING:
            .unsupported(detail: detail(code))
        default: .unreachable(detail: detail(code))
        }
    }

    /// libcurl has one code for all three. A stall takes `stallTimeout` at least. What took the whole `timeout` may seem to
    /// have taken a little less, because libcurl's clock starts a moment late: hence the last hundredth.
    private var timeout: HTTPFailure {
        guard microseconds(CURLINFO_CONNECT_TIME_T) > 0 else {
            return .timedOut(seconds: min(request.timeout, request.connectTimeout) / .seconds(1))
        }
        let time = Duration.microseconds(microseconds(CURLINFO_TOTAL_TIME_T))
        if let stall = request.stallTimeout, time >= stall, time < request.timeout * 99 / 100 {
            return .stalled(seconds: stall / .seconds(1))
        }
        return .timedOut(seconds: request.timeout / .seconds(1))
    }

    private func microseconds(_ info: CURLINFO) -> Int {
        var value: curl_off_t = 0
        ccurl_get_size(handle, info, &value)
        return Int(value)
    }

    private func detail(_ code: CURLcode) -> String {
        let specific = String(cString: errorText)
        return specific.isEmpty ? String(cString: curl_easy_strerror(code)) : specific
    }

    private func long(_ info: CURLINFO) -> Int {
        var value = 0
        ccurl_get_long(handle, info, &value)
        return value
    }
}

extension Duration {
    /// At least 1, because 0 means "no time-out" to libcurl; at most a day.
    fileprivate var curlMilliseconds: Int {
        Int(min(max(self / .milliseconds(1), 1), 86_400_000).rounded(.up))
    }
}

extension Slice<UnsafeRawBufferPointer> {
    fileprivate var textWithoutOuterSpace: String {
        let isInner: (UInt8) -> Bool = { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D && $0 != 0x0A }
        guard let first = firstIndex(where: isInner), let last = lastIndex(where: isInner) else { return "" }
        return String(decoding: self[first...last], as: UTF8.self)
    }
}
