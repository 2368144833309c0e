import Connections
import Decisions
import Settings

extension HealthCheckRun {
    /// One request tells both. Where its certificate is not trusted, a second one reads when it ends all the same.
    func siteChecks() async -> [Found] {
        await look([.site, .certificate]) {
            guard let url = settings.url else {
                let words = configuration.language.choose(
                    "HEALTHCHECK_URL is not set", "HEALTHCHECK_URL no está definido")
                return [.site: .notAsked(words), .certificate: .notAsked(words)]
            }
            return await onThread([.site, .certificate]) { ask(url) }
        }
    }

    private func ask(_ url: String) -> [CheckName: CheckFinding] {
        var request = HTTPRequest(
            .get, url, timeout: settings.timeout,
            bodyPolicy: settings.text == nil ? .discard : .collect(upTo: 4 << 20))
        request.trust = settings.authorities.map { .authorities($0) } ?? .system
        let start = ContinuousClock.now
        let answer = Result { () throws(HTTPFailure) in try CurlClient().send(request) }
        let seconds = start.duration(to: .now) / .seconds(1)
        return [.site: site(answer, seconds), .certificate: certificate(request, answer)]
    }

    private func site(_ answer: Result<HTTPResponse, HTTPFailure>, _ seconds: Double) -> CheckFinding {
        switch answer {
        case .success(let response):
            .site(
                SiteAnswer(
                    status: response.status, holdsText: settings.text.map { Self.holds($0, response.body) },
                    seconds: seconds))
        case .failure(let failure): .failed(failure.description)
        }
    }

    private static func holds(_ text: String, _ body: [UInt8]) -> Bool {
        body.firstRange(of: Array(text.utf8)) != nil
    }

    private func certificate(_ request: HTTPRequest, _ answer: Result<HTTPResponse, HTTPFailure>) -> CheckFinding {
        guard request.url.hasPrefix("https://") else {
            return .notAsked(configuration.language.choose("the site has no TLS", "el sitio no usa TLS"))
        }
        var end = (try? answer.get())?.certificateEnd
        if case .failure(.untrusted) = answer {
            var again = request
            again.trust = .anybody
            end = (try? CurlClient().send(again))?.certificateEnd
        }
        guard let end else {
            return .unknown(
                configuration.language.choose("no certificate was seen", "no se vio ningún certificado"))
        }
        return .certificate(secondsLeft: end - now.wall)
    }
}
