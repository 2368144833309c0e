import Connections
import Decisions
import Settings

extension HealthCheckRun {
    /// One request tells both. Where its certificate is not trusted, a second one reads when it ends all the same.
    func siteChecks() async -> [Found] {
        await look([.site, .certificate]) {
            guard let url = settings.url else {
                return [.site: .found(.notAsked(.noURL)), .certificate: .found(.notAsked(.noURL))]
            }
            return await onThread([.site, .certificate]) { ask(url) }
        }
    }

    private func ask(_ url: String) -> [CheckName: CheckOutcome] {
        var request = HTTPRequest(
            .get, url, timeout: settings.timeout,
            bodyPolicy: settings.text == nil ? .discard : .collect(upTo: 4 << 20))
        request.trust = settings.authorities.map { .authorities($0) } ?? .system
        let start = ContinuousClock.now
        let answer = Result { () throws(HTTPFailure) in try CurlClient().send(request) }
        let seconds = start.duration(to: .now) / .seconds(1)
        return [.site: site(answer, seconds), .certificate: certificate(request, answer)]
    }

    private func site(_ answer: Result<HTTPResponse, HTTPFailure>, _ seconds: Double) -> CheckOutcome {
        switch answer {
        case .success(let response):
            .found(
                .site(
                    SiteAnswer(
                        status: response.status, holdsText: settings.text.map { Self.holds($0, response.body) },
                        seconds: seconds)))
        case .failure(let failure): .failed(.site(failure))
        }
    }

    private static func holds(_ text: String, _ body: [UInt8]) -> Bool {
        body.firstRange(of: Array(text.utf8)) != nil
    }

    private func certificate(_ request: HTTPRequest, _ answer: Result<HTTPResponse, HTTPFailure>) -> CheckOutcome {
        guard request.url.hasPrefix("https://") else {
            return .found(.notAsked(.noTLS))
        }
        var end = (try? answer.get())?.certificateEnd
        if case .failure(.untrusted) = answer {
            var again = request
            again.trust = .anybody
            end = (try? CurlClient().send(again))?.certificateEnd
        }
        guard let end else { return .unknown(.noCertificate) }
        return .found(.certificate(secondsLeft: end - now.wall))
    }
}
