import Foundation
import Testing

@testable import Connections
@testable import Host

/// Mails as they go to the server.
struct MailTextTests {
    private func text(subject: String = "s", lines: [String] = ["l"]) -> [String] {
        let mail = MailTransfer.Mail(
            url: Secret("smtp://127.0.0.1"), from: "a@b.example", to: ["c@d.example", "e@f.example"], subject: subject,
            lines: lines, time: 1_705_329_045, isTLSRequired: false, timeout: .seconds(1))
        return String(decoding: mail.text, as: UTF8.self).components(separatedBy: "\r\n")
    }

    @Test func `a mail has the headers that servers ask for`() {
        let lines = text()
        #expect(lines[0] == "Date: Mon, 15 Jan 2024 14:30:45 +0000")
        #expect(lines.contains("From: <a@b.example>"))
        #expect(lines.contains("To: <c@d.example>,") && lines.contains(" <e@f.example>"))
        #expect(lines.contains { $0.hasPrefix("Message-ID: <1705329045.") && $0.hasSuffix("@b.example>") })
        #expect(lines.suffix(3) == ["", "l", ""])
    }

    @Test func `a subject of any text and length is encoded in words of at most 75 characters, and read again`() throws
    {
        let subject = String(repeating: "é€🙂a", count: 40)
        let lines = text(subject: subject)
        let start = try #require(lines.firstIndex { $0.hasPrefix("Subject: ") })
        let words =
            [String(lines[start].dropFirst(9))]
            + lines[(start + 1)...].prefix { $0.hasPrefix(" ") }.map { String($0.dropFirst()) }
        #expect(words.allSatisfy { $0.utf8.count <= 75 })
        let bytes = words.flatMap { word in
            Array(Data(base64Encoded: String(word.dropFirst("=?UTF-8?B?".count).dropLast(2))) ?? Data())
        }
        #expect(String(decoding: bytes, as: UTF8.self) == subject)
    }

    @Test func `a long line is folded, and no byte of it is lost`() {
        let line = String(repeating: "é", count: 2000)
        let body = text(lines: [line]).drop { !$0.isEmpty }.dropFirst()
        #expect(body.allSatisfy { $0.utf8.count <= 998 })
        #expect(body.joined() == line)
    }
}
