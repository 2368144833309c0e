import AutoscaleCore
import SystemPackage
import Testing

/// Who is told: what may stand in ALERT_URL, and what is shown of it.
struct AlertReceiverTests {
    @Test(arguments: [
        ("https://example.org/hook", AlertReceiver.Format.json), ("json+https://example.org/", .json),
        ("slack+https://hooks.slack.com/services/T/B/x", .slack), ("http://127.0.0.1:8000/a", .json),
        ("alertmanager+http://localhost:9093", .alertmanager), ("http://[::1]:9/", .json),
        ("healthchecks.backup+https://hc-ping.com/u", .healthchecks(.backup)),
        ("smtp://127.0.0.1:25", .email), ("email+smtps://u:p@mail.example.org", .email),
    ])
    func `these are understood`(word: String, format: AlertReceiver.Format) throws {
        #expect(try #require(AlertReceiver(word)).format == format)
    }

    @Test(arguments: [
        "http://example.org/hook", "http://127.0.0.1.example.org/", "http://localhost.example.org/",
        "http://127.1/", "slack+http://10.0.0.1/", "slack+smtp://127.0.0.1", "email+https://example.org",
        "healthchecks+https://hc-ping.com/u", "healthchecks.cron+https://hc-ping.com/u", "pager+https://example.org",
        "https://user:password@example.org/", "https:///x", "example.org", "ftp://127.0.0.1/", "json+slack+https://a/",
        "https://exa mple.org/", "https://example.org/\u{1}", "file:///etc/passwd", "",
    ])
    func `these are refused`(word: String) {
        #expect(AlertReceiver(word) == nil)
    }

    @Test func `a webhook's address is shown as its host only, and its id tells nothing`() throws {
        let receiver = try #require(AlertReceiver("slack+https://hooks.slack.com/services/T000/B000/SECRET"))
        #expect("\(receiver)" == "slack+https://hooks.slack.com/…")
        #expect(!"\(receiver.url)".contains("SECRET"))
        #expect(receiver.id.utf8.count == 12 && !receiver.id.contains("SECRET"))
        let mail = try #require(AlertReceiver("smtps://user:SECRET@mail.example.org:465"))
        #expect("\(mail)" == "smtps://mail.example.org:465")
    }

    private func configuration(_ lines: String) throws(ConfigurationError) -> Configuration {
        try Configuration(text: lines, path: "t", base: "/", environment: [:])
    }

    @Test func `a bad address is reported without being quoted`() throws {
        let error = #expect(throws: ConfigurationError.self) {
            try configuration("ALERT_URL='https://good.example/ http://example.org/SECRET'\n")
        }
        let words = try #require(error).description
        #expect(words.contains("t:1: ALERT_URL: a value, allowed: addresses"), "\(words)")
        #expect(!words.contains("SECRET"))
    }

    @Test func `config show prints no secret of an address`() throws {
        let configuration = try configuration("ALERT_URL='https://a.example/SECRET slack+https://b.example/SECRET'\n")
        let entry = try #require(configuration.entries.first { $0.key == .alertURL })
        #expect(entry.text == "https://a.example/… slack+https://b.example/…")
    }

    @Test func `a mail server without addresses to write to is refused`() throws {
        let error = #expect(throws: ConfigurationError.self) {
            try configuration("ALERT_URL=smtp://127.0.0.1\n")
        }
        #expect(try #require(error).description.contains("ALERT_EMAIL_TO"))
        #expect(throws: ConfigurationError.self) {
            try configuration("ALERT_URL=smtp://127.0.0.1\nALERT_EMAIL_TO='a@b.example>\\nRCPT TO:<c@d.example'\n")
        }
        #expect(
            try configuration("ALERT_URL=smtp://127.0.0.1\nALERT_EMAIL_TO=a@b.example, c@d.example\n")
                .alerts.emailTo == ["a@b.example", "c@d.example"])
    }
}
