import Host

extension ConfigurationFault {
    var spanishFound: String {
        switch self {
        case .syntax(let fault, _): fault.spanishFound
        case .unknownKey: "clave desconocida"
        case .value(.text(let text), _): "'\(text.escapingControls())'"
        case .value(.urlWithUser, _): "una URL con un usuario"
        case .value(.hidden, _): "un valor"
        case .unlisted(let count): "\(count) más, sin mostrar aquí"
        case .contradiction(let contradiction):
            switch contradiction {
            case .notBelow(let low, let less, let high, let more): "\(low) (\(less)) no es menor que \(high) (\(more))"
            case .above(let low, let less, let high, let more): "\(low) (\(less)) es mayor que \(high) (\(more))"
            case .sizeAbove(let low, let high): "\(low) es mayor que \(high)"
            case .both(let one, let other): "\(one) y \(other) están definidos a la vez"
            case .processWithoutCommand: "TARGET es process y BACKEND_COMMAND no está definido"
            case .mailWithoutRecipients: "ALERT_URL nombra un servidor de correo y ALERT_EMAIL_TO no está definido"
            }
        }
    }

    var spanishAllowed: String? {
        switch self {
        case .syntax(let fault, let dialect): fault.spanishAllowed(in: dialect)
        case .unknownKey, .unlisted: nil
        case .value(_, let allowed): allowed.spanish
        case .contradiction(let contradiction):
            switch contradiction {
            case .notBelow(let low, _, let high, _): "\(low) < \(high)"
            case .above(let low, _, let high, _), .sizeAbove(let low, let high): "\(low) <= \(high)"
            case .both: "uno de los dos"
            case .processWithoutCommand: "BACKEND_COMMAND con el programa que arrancar"
            case .mailWithoutRecipients: "ALERT_EMAIL_TO con las direcciones a las que escribir"
            }
        }
    }
}
