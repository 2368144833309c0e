import Decisions

extension ConfigurationSection {
    static let alerts = ConfigurationSection(
        Words("Alerts", "Alertas"), keys: [.alertURL, .alertRepeat, .alertEmailFrom, .alertEmailTo])
}

extension ConfigurationKey {
    static let alertURL = Key(
        "ALERT_URL", .receivers,
        example:
            "'slack+https://hooks.slack.com/services/T000/B000/XXXX healthchecks.monitor+https://hc-ping.com/UUID'",
        "Who is told, any number of them. A secret: only formats and hosts are shown. To try it: `healthcheck --test-alert`.",
        "A quién se avisa, cuantos se quiera. Es un secreto: solo se muestran formatos y hosts. Para probarlo: `healthcheck --test-alert`."
    )
    static let alertRepeat = Key(
        "ALERT_REPEAT", .seconds(60...604_800), default: "3600",
        "From one reminder to the next, while something lasts.",
        "De un recordatorio al siguiente, mientras algo dura.")
    static let alertEmailFrom = Key(
        "ALERT_EMAIL_FROM", .mailAddress, example: "autoscale@example.org",
        "Sender of mails. Unset: `autoscale@<this host>`.",
        "Remitente de los correos. Sin definir: `autoscale@<este host>`.")
    static let alertEmailTo = Key(
        "ALERT_EMAIL_TO", .mailAddresses, example: "ops@example.org",
        "Who gets the mails; needed with `smtp://`.",
        "Quién recibe los correos; necesario con `smtp://`.")
}

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
        let (receivers, recipients) = (reader[.alertURL] ?? [], reader[.alertEmailTo] ?? [])
        if receivers.contains(where: { $0.format == .email }), recipients.isEmpty {
            reader.contradiction(.mailWithoutRecipients)
        }
        return Alerts(
            receivers: receivers, repeatAfter: reader[.alertRepeat], emailFrom: reader[.alertEmailFrom],
            emailTo: recipients)
    }
}
