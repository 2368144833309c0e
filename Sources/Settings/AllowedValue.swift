package import Decisions

/// What a key takes: completes `found …, allowed: …`, and a column of docs/configuration.md.
package indirect enum AllowedValue: Hashable, Sendable {
    case number(ClosedRange<Int>)
    /// Of a metric, with as many decimals as its readings have.
    case limit(ClosedRange<Quantity>, decimals: Int)
    case seconds(ClosedRange<Int>)
    /// One of these words.
    case choice([String])
    /// A pattern, or examples of all there is: they read alike in every language.
    case pattern(String)
    case text
    case path
    case program
    case command
    case port
    case ports
    case cpus
    /// Of bytes, 6 MiB at least.
    case memory
    case logSize
    case freeSpace
    case statuses
    case metrics([String])
    case serverPlace
    /// A part of a URL, in the place of which a whole one would be shown with its password.
    case partOfURL(AllowedValue)
    case hostHeader
    case urlPath
    case siteURL
    case listenAddress
    case dockerAddress
    case imageName
    case networkName
    case recipients
    case storeLocation
    case storeEndpoint
    case storeRegion
    case receivers
    case mailAddress
    case mailAddresses

    package func text(in language: Language) -> String {
        switch language {
        case .english: english
        case .spanish: spanish
        }
    }

    /// The forms of a receiver, but for the last word between them.
    static let receiverForms =
        "https://… (json), slack+https://…, alertmanager+http://127.0.0.1:9093, "
        + "healthchecks.COMMAND+https://… (COMMAND: monitor, backup, cleanup, healthcheck), smtp://…"
}
