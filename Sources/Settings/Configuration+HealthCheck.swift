package import Decisions
package import SystemPackage

extension ConfigurationSection {
    static let healthCheck = ConfigurationSection(
        Words("Health", "Salud"),
        keys: [
            .healthcheckURL, .healthcheckStatus, .healthcheckText, .healthcheckCAFile, .healthcheckTimeout,
            .healthcheckCertificateDays, .healthcheckRunAge, .healthcheckBackupAge, .healthcheckReplicaLag,
            .healthcheckMinutesAtMaximum,
        ])
}

extension ConfigurationKey {
    private static let aYear = 31_622_400

    static let healthcheckURL = Key(
        "HEALTHCHECK_URL", .siteURL, example: "https://chat.example.org/",
        "The site as its users reach it, through NGINX. Unset: it is not asked.",
        "El sitio como lo alcanzan sus usuarios, por NGINX. Sin definir: no se pregunta.")
    static let healthcheckStatus = Key(
        "HEALTHCHECK_STATUS", .statuses, default: "200-399", "What it must answer.", "Lo que debe responder.")
    static let healthcheckText = Key(
        "HEALTHCHECK_TEXT", .text, example: "Welcome",
        "What its page must hold, somewhere.", "Lo que debe contener su página, en alguna parte.")
    static let healthcheckCAFile = Key(
        "HEALTHCHECK_CA_FILE", .path, example: "/etc/ssl/certs/our-ca.pem",
        "Certificate authorities (PEM) to trust instead of the host's.",
        "Autoridades de certificación (PEM) en las que confiar en lugar de las del host.")
    static let healthcheckTimeout = Key(
        "HEALTHCHECK_TIMEOUT", .seconds(1...60), default: "10", "Of each check.", "De cada comprobación.")
    static let healthcheckCertificateDays = Key(
        "HEALTHCHECK_CERTIFICATE_DAYS", .integer(1...365), default: "15",
        "Days that the site's certificate has left: fewer are a warning, fewer than a fifth critical.",
        "Días que le quedan al certificado del sitio: menos son un aviso, menos de una quinta parte, crítico.")
    static let healthcheckRunAge = Key(
        "HEALTHCHECK_RUN_AGE", .integer(60...aYear), default: "180",
        "Seconds: an older last run of `monitor` is critical.",
        "Segundos: una última ejecución de `monitor` más antigua es crítica.")
    static let healthcheckBackupAge = Key(
        "HEALTHCHECK_BACKUP_AGE", .integer(60...aYear), default: "43200",
        "Seconds: an older last verified backup is a warning, twice as old critical.",
        "Segundos: una última copia verificada más antigua es un aviso; del doble, crítica.")
    static let healthcheckReplicaLag = Key(
        "HEALTHCHECK_REPLICA_LAG", .integer(1...86_400), default: "60",
        "Seconds: a replica further behind is a warning, five times critical.",
        "Segundos: una réplica más atrasada es un aviso; cinco veces más, crítica.")
    static let healthcheckMinutesAtMaximum = Key(
        "HEALTHCHECK_MAXIMUM_MINUTES", .integer(0...1440), default: "60",
        "More minutes at `MAX_BACKENDS` in 24 h are a warning.",
        "Más minutos en `MAX_BACKENDS` en 24 h son un aviso.")
}

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
        _ reader: inout ConfigurationReader, backends: ClosedRange<Int>, diskFloor: FreeSpaceFloor
    ) -> HealthCheck {
        HealthCheck(
            url: reader[.healthcheckURL], text: reader[.healthcheckText], authorities: reader[.healthcheckCAFile],
            timeout: reader[.healthcheckTimeout],
            policy: HealthPolicy(
                statuses: reader[.healthcheckStatus], certificateDays: reader[.healthcheckCertificateDays],
                backends: backends, runAge: reader[.healthcheckRunAge], backupAge: reader[.healthcheckBackupAge],
                replicaLag: reader[.healthcheckReplicaLag], minutesAtMaximum: reader[.healthcheckMinutesAtMaximum],
                diskFloor: diskFloor))
    }
}
