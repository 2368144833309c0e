import CCurl
import FoundationEssentials
import Glibc
package import Host

/// One mail over SMTP (libcurl-easy(3)), used once. Its thread waits, `timeout` at most.
package final class MailTransfer {
    private let handle: UnsafeMutableRawPointer
    private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    private var recipients: UnsafeMutablePointer<curl_slist>?
    private var unsent: ArraySlice<UInt8>
    private let timeout: Duration

    package struct Mail: Sendable {
        /// `smtp` or `smtps`; a user and a password may stand in it.
        let url: Secret
        let from: String
        let to: [String]
        let subject: String
        let lines: [String]
        /// Unix time.
        let time: Int
        /// Without TLS nothing is sent. Not asked of a server on this machine.
        let isTLSRequired: Bool
        let timeout: Duration

        package init(
            url: Secret, from: String, to: [String], subject: String, lines: [String], time: Int, isTLSRequired: Bool,
            timeout: Duration
        ) {
            self.url = url
            self.from = from
            self.to = to
            self.subject = subject
            self.lines = lines
            self.time = time
            self.isTLSRequired = isTLSRequired
            self.timeout = timeout
        }
    }

    package init(_ mail: Mail) throws(HTTPFailure) {
        guard let handle = curl_easy_init() else { throw .unsupported(detail: "libcurl: out of memory") }
        self.handle = handle
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        unsent = mail.text[...]
        timeout = mail.timeout
        try check(ccurl_set_pointer(handle, CURLOPT_ERRORBUFFER, errorText))
        try check(ccurl_set_long(handle, CURLOPT_NOSIGNAL, 1))
        try check(ccurl_set_mail_protocols(handle))
        try check(ccurl_set_string(handle, CURLOPT_PROXY, ""))
        try check(ccurl_set_quick_exit(handle))
        try check(ccurl_set_string(handle, CURLOPT_URL, mail.url.reveal()))
        try check(ccurl_set_long(handle, CURLOPT_TIMEOUT_MS, max(1, Int(mail.timeout / .milliseconds(1)))))
        let security = mail.isTLSRequired ? CURLUSESSL_ALL : CURLUSESSL_TRY
        try check(ccurl_set_long(handle, CURLOPT_USE_SSL, Int(security.rawValue)))
        try check(ccurl_set_string(handle, CURLOPT_MAIL_FROM, "<\(mail.from)>"))
        for address in mail.to {
            guard let list = curl_slist_append(recipients, "<\(address)>") else {
                throw .unsupported(detail: "libcurl: out of memory")
            }
            recipients = list
        }
        try check(ccurl_set_pointer(handle, CURLOPT_MAIL_RCPT, recipients))
        try check(ccurl_set_long(handle, CURLOPT_UPLOAD, 1))
        try check(ccurl_set_pointer(handle, CURLOPT_READDATA, Unmanaged.passUnretained(self).toOpaque()))
        try check(
            ccurl_set_receive(handle, CURLOPT_READFUNCTION) { bytes, size, count, context in
                guard let bytes, let context else { return 0 }
                let transfer = Unmanaged<MailTransfer>.fromOpaque(context).takeUnretainedValue()
                return transfer.send(into: UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
            })
    }

    deinit {
        curl_easy_cleanup(handle)
        curl_slist_free_all(recipients)
        errorText.deallocate()
    }

    /// - Throws: `refused` where nobody listens, `timedOut`, else `unreachable` with libcurl's words.
    package func perform() throws(HTTPFailure) {
        let code = BrokenPipe.quiet { curl_easy_perform(handle) }
        switch code {
        case CURLE_OK: return
        case CURLE_OPERATION_TIMEDOUT: throw .timedOut(seconds: timeout / .seconds(1))
        default:
            let specific = String(cString: errorText)
            throw .unreachable(detail: specific.isEmpty ? String(cString: curl_easy_strerror(code)) : specific)
        }
    }

    private func send(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let piece = unsent.prefix(buffer.count)
        buffer.copyBytes(from: piece)
        unsent = unsent.dropFirst(piece.count)
        return piece.count
    }

    private func check(_ code: CURLcode) throws(HTTPFailure) {
        guard code == CURLE_OK else { throw .unsupported(detail: String(cString: curl_easy_strerror(code))) }
    }
}

extension MailTransfer.Mail {
    /// RFC 5322, with UTF-8 in the body (RFC 2045) and encoded words in the subject (RFC 2047). libcurl doubles the dots.
    var text: [UInt8] {
        let header = [
            "Date: \(WallClock.mail(time))", "From: <\(from)>",
            "To: \(to.map { "<\($0)>" }.joined(separator: ",\r\n "))", "Subject: \(Self.encodedWords(subject))",
            "Message-ID: <\(time).\(UInt64.random(in: 0 ... .max))@\(from.drop { $0 != "@" }.dropFirst())>",
            "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit",
            "Auto-Submitted: auto-generated",
        ]
        return Array((header + [""] + lines.flatMap(Self.folded) + [""]).joined(separator: "\r\n").utf8)
    }

    /// A line of a mail has 998 bytes at most (RFC 5321, 4.5.3.1.6).
    private static func folded(_ line: String) -> [String] {
        var pieces = [""]
        var bytes = 0
        for scalar in line.unicodeScalars {
            let size = String(scalar).utf8.count
            if bytes + size > 990 {
                pieces.append("")
                bytes = 0
            }
            pieces[pieces.count - 1].unicodeScalars.append(scalar)
            bytes += size
        }
        return pieces
    }

    /// Base64 of at most 45 bytes of UTF-8 a word, cut between characters: a word has 75 characters at most.
    private static func encodedWords(_ text: String) -> String {
        var words: [String] = []
        var word: [UInt8] = []
        for character in text.prefix(300) {
            let bytes = Array(String(character).utf8)
            if word.count + bytes.count > 45, !word.isEmpty {
                words.append(encoded(word))
                word = []
            }
            word += bytes.prefix(45)
        }
        if !word.isEmpty { words.append(encoded(word)) }
        return words.joined(separator: "\r\n ")
    }

    private static func encoded(_ bytes: [UInt8]) -> String { "=?UTF-8?B?\(Data(bytes).base64EncodedString())?=" }
}
