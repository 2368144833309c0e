import Host

extension ConfigurationFault {
    var englishFound: String {
        switch self {
        case .syntax(let fault, _): fault.englishFound
        case .unknownKey: "unknown key"
        case .value(.text(let text), _): "'\(text.escapingControls())'"
        case .value(.urlWithUser, _): "a URL with a user"
        case .value(.hidden, _): "a value"
        case .unlisted(let count): "\(count) more, not listed here"
        case .contradiction(let contradiction):
            switch contradiction {
            case .notBelow(let low, let less, let high, let more): "\(low) (\(less)) is not below \(high) (\(more))"
            case .above(let low, let less, let high, let more): "\(low) (\(less)) is above \(high) (\(more))"
            case .sizeAbove(let low, let high): "\(low) is above \(high)"
            case .both(let one, let other): "\(one) and \(other) are both set"
            case .processWithoutCommand: "TARGET is process and BACKEND_COMMAND is not set"
            case .mailWithoutRecipients: "ALERT_URL names a mail server and ALERT_EMAIL_TO is not set"
            }
        }
    }

    var englishAllowed: String? {
        switch self {
        case .syntax(let fault, let dialect): fault.englishAllowed(in: dialect)
        case .unknownKey, .unlisted: nil
        case .value(_, let allowed): allowed.english
        case .contradiction(let contradiction):
            switch contradiction {
            case .notBelow(let low, _, let high, _): "\(low) < \(high)"
            case .above(let low, _, let high, _), .sizeAbove(let low, let high): "\(low) <= \(high)"
            case .both: "one of them"
            case .processWithoutCommand: "BACKEND_COMMAND with the program to start"
            case .mailWithoutRecipients: "ALERT_EMAIL_TO with the addresses to write to"
            }
        }
    }
}
