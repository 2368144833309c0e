import Connections
import Decisions
import Glibc
import Host
import Settings

/// How one run's letters and pings get to their receivers.
extension AlertDispatch {
    struct Delivery: Sendable {
        let receiver: AlertReceiver
        let notices: [AlertNotice]
        /// Where a ping goes, below the receiver's address.
        var pingPath: String?
    }

    /// All at once.
    /// - Returns: for each why it did not get there.
    func post(
        _ deliveries: [Delivery], summary: String, at now: Moment, before deadline: Deadline
    ) async -> [String?] {
        await withTaskGroup(of: (Int, String?).self) { group in
            for (index, delivery) in deliveries.enumerated() {
                group.addTask { (index, await post(delivery, summary: summary, at: now, before: deadline)) }
            }
            var failures = [String?](repeating: nil, count: deliveries.count)
            for await (index, failure) in group { failures[index] = failure }
            return failures
        }
    }

    private func post(
        _ delivery: Delivery, summary: String, at now: Moment, before deadline: Deadline
    ) async -> String? {
        let letter = AlertLetter(
            service: configuration.service, host: Self.hostName, command: command, language: configuration.language,
            now: now, repeatAfter: configuration.alerts.repeatAfter, notices: delivery.notices)
        let receiver = delivery.receiver
        do throws(DetachedThread.ThreadsExhausted) {
            return try await DetachedThread.value { () -> String? in
                if let path = delivery.pingPath {
                    return Self.send(
                        HTTPRequest(
                            .post, receiver.address(adding: path),
                            headers: [HTTPHeader("Content-Type", "text/plain; charset=utf-8")],
                            body: Array(summary.utf8.prefix(10_000)), timeout: deadline.remaining, bodyPolicy: .discard)
                    )
                }
                if let request = letter.request(to: receiver, within: deadline.remaining) { return Self.send(request) }
                return send(letter, to: receiver, within: deadline.remaining)
            }
        } catch {
            return error.description
        }
    }

    private static func send(_ request: HTTPRequest) -> String? {
        do throws(HTTPFailure) {
            let response = try CurlClient().send(request)
            return (200...299).contains(response.status) ? nil : "HTTP \(response.status)"
        } catch {
            return error.description
        }
    }

    private func send(_ letter: AlertLetter, to receiver: AlertReceiver, within timeout: Duration) -> String? {
        let mail = MailTransfer.Mail(
            url: receiver.url, from: configuration.alerts.emailFrom ?? "autoscale@\(Self.mailHost)",
            to: configuration.alerts.emailTo, subject: letter.subject, lines: letter.lines, time: letter.now.wall,
            isTLSRequired: !receiver.isLoopback, timeout: timeout)
        do throws(HTTPFailure) {
            try MailTransfer(mail).perform()
            return nil
        } catch {
            return error.description
        }
    }

    /// gethostname(2)
    private static var hostName: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "localhost" }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// A host name that an address of mail may have.
    private static var mailHost: String {
        let name = hostName.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "-") }
        return name.isEmpty ? "localhost" : name
    }
}
