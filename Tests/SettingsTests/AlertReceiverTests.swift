import SystemPackage
import Testing

@testable import Settings

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
        "https://a.example/x,https://b.example/y",
        "https://a.example;slack+https://b.example", "healthchecks.monitor+https://a.example/u,json+https://b.example/",
    ])
    func `these are refused`(word: String) {
        #expect(AlertReceiver(word) == nil)
    }

    @Test(arguments: [
        ("/u", "69", "/u/69"), ("/u/", "69", "/u/69"), ("", "start", "/start"), ("/", "start", "/start"),
        ("/key/slug?create=1", "69", "/key/slug/69?create=1"),
        ("/key/slug/?create=1", "fail", "/key/slug/fail?create=1"),
        ("?a=/b/", "69", "/69?a=/b/"), ("/u#f", "log", "/u/log#f"), ("/u?a#b?c", "69", "/u/69?a#b?c"),
        ("/u?create=1", "", "/u?create=1"), ("/u//", "", "/u//"), ("/api/v2/alerts", "api/v2/alerts", "/api/v2/alerts"),
        ("/am/?x=1", "api/v2/alerts", "/am/api/v2/alerts?x=1"), ("/a,b;c", "1", "/a,b;c/1"),
    ])
    func `what is added goes to the path, before a query or a fragment`(rest: String, path: String, address: String)
        throws
    {
        let receiver = try #require(AlertReceiver("https://a.example\(rest)"))
        #expect(receiver.address(adding: path) == "https://a.example\(address)")
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
