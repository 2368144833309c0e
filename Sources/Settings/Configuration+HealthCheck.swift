package import Decisions
package import SystemPackage

extension Configuration {
    /// What `healthcheck` looks at, and from when on it complains.
    package struct HealthCheck: Sendable {
        /// The site as its users reach it; `nil`: it is not asked.
        package let url: String?
        package let text: String?
        /// Certificate authorities to trust instead of the system's, as PEM.
        package let authorities: FilePath?
        /// Of each check.
        package let timeout: Duration
        package let policy: HealthPolicy
    }

    static func healthCheck(
        _ reader: inout ConfigurationReader, file: ValueParser<FilePath>, backends: ClosedRange<Int>,
        diskFloor: FreeSpaceFloor
    ) -> HealthCheck {
        let aYear = 31_622_400
        return HealthCheck(
            url: reader.optional(.healthcheckURL, .siteURL), text: reader.optional(.healthcheckText, .text),
            authorities: reader.optional(.healthcheckCAFile, file),
            timeout: reader.value(.healthcheckTimeout, .seconds(1...60), or: .seconds(10)),
            policy: HealthPolicy(
                statuses: reader.value(.healthcheckStatus, .statuses, or: 200...399),
                certificateDays: reader.value(.healthcheckCertificateDays, .integer(1...365), or: 1),
                backends: backends,
                runAge: reader.value(.healthcheckRunAge, .integer(60...aYear), or: 60),
                backupAge: reader.value(.healthcheckBackupAge, .integer(60...aYear), or: 60),
                replicaLag: reader.value(.healthcheckReplicaLag, .integer(1...86_400), or: 1),
                minutesAtMaximum: reader.value(.healthcheckMinutesAtMaximum, .integer(0...1440), or: 0),
                diskFloor: diskFloor))
    }
}

extension ValueParser where Value == ClosedRange<Int> {
    /// `200` or `200-399`.
    static var statuses: Self {
        Self(
            allowed: Words(
                "an HTTP status or a range such as 200-399", "un estado HTTP o un rango como 200-399"),
            parse: { text in
                let bounds = text.split(separator: "-", omittingEmptySubsequences: false).map {
                    ValueParser<Int>.integer(100...599).parse(String($0))
                }
                guard bounds.count <= 2, let low = bounds.first ?? nil, let high = bounds.last ?? nil, low <= high
                else { return nil }
                return low...high
            },
            text: { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" })
    }
}

extension ValueParser where Value == String {
    /// It is printed wherever it fails, so it holds no user and no password.
    static var siteURL: Self {
        Self(
            allowed: Words(
                "http://HOST/… or https://HOST/…, without a user", "http://HOST/… o https://HOST/…, sin usuario"),
            parse: { text in
                guard
                    let rest = ["http://", "https://"].first(where: text.hasPrefix).map({ text.dropFirst($0.count) }),
                    let host = rest.split(separator: "/", omittingEmptySubsequences: false).first, !host.isEmpty,
                    !host.contains("@"), text.utf8.allSatisfy({ (33...126).contains($0) })
                else { return nil }
                return text
            })
    }
}
