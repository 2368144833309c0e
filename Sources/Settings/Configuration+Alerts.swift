import Decisions

extension Configuration {
    /// Who is told, and how often.
    package struct Alerts: Sendable {
        package let receivers: [AlertReceiver]
        /// From one reminder to the next.
        package let repeatAfter: Duration
        package let emailFrom: String?
        package let emailTo: [String]
    }

    static func alerts(_ reader: inout ConfigurationReader) -> Alerts {
        let receivers = reader.optional(.alertURL, .receivers) ?? []
        let from = reader.optional(.alertEmailFrom, .mailAddress)
        let to = reader.optional(.alertEmailTo, .mailAddresses) ?? []
        if receivers.contains(where: { $0.format == .email }), to.isEmpty {
            reader.contradiction(
                .alertURL, .alertEmailTo,
                found: Words(
                    "ALERT_URL names a mail server and ALERT_EMAIL_TO is not set",
                    "ALERT_URL nombra un servidor de correo y ALERT_EMAIL_TO no está definido"),
                allowed: Words(
                    "ALERT_EMAIL_TO with the addresses to write to",
                    "ALERT_EMAIL_TO con las direcciones a las que escribir"))
        }
        return Alerts(
            receivers: receivers, repeatAfter: reader.value(.alertRepeat, .seconds(60...604_800), or: .seconds(3600)),
            emailFrom: from, emailTo: to)
    }
}

extension ValueParser where Value == [AlertReceiver] {
    /// Any number, white space between them. What is shown again names their kinds and hosts only: the address of a
    /// webhook is its password.
    static var receivers: Self {
        Self(
            allowed: AlertReceiver.allowed, isSecret: true,
            parse: { text in
                let words = text.split(whereSeparator: \.isWhitespace)
                let receivers = words.compactMap { AlertReceiver($0) }
                return receivers.count == words.count && !words.isEmpty ? receivers : nil
            },
            text: { $0.map(\.description).joined(separator: " ") })
    }
}

extension ValueParser where Value == String {
    /// As much of RFC 5321 as can't lead anywhere else in a header or a command of SMTP.
    static var mailAddress: Self {
        Self(
            allowed: Words("a mail address", "una dirección de correo"),
            parse: { text in
                let parts = text.split(separator: "@", omittingEmptySubsequences: false)
                guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }), text.utf8.count <= 254,
                    text.utf8.allSatisfy({ (33...126).contains($0) && !"<>()[]\\,;:\"".utf8.contains($0) })
                else { return nil }
                return text
            })
    }
}

extension ValueParser where Value == [String] {
    static var mailAddresses: Self {
        Self(
            allowed: Words("mail addresses, separated by commas", "direcciones de correo, separadas por comas"),
            parse: { text in
                let words = text.split(separator: ",", omittingEmptySubsequences: false)
                    .map { String($0.filter { !$0.isWhitespace }) }
                let addresses = words.compactMap { ValueParser<String>.mailAddress.parse($0) }
                return addresses.count == words.count ? addresses : nil
            },
            text: { $0.joined(separator: ",") })
    }
}
