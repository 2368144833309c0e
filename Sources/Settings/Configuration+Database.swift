package import Connections
import Decisions
package import Host
package import SystemPackage

extension ConfigurationSection {
    static let database = ConfigurationSection(
        Words("The database", "La base de datos"),
        Words(
            "As it is seen from this host: a published port of 127.0.0.1, not the name of a container. What is not set is libpq's business (PGHOST …, ~/.pgpass, service files). The role needs: GRANT pg_monitor TO <role>.",
            "Como se ve desde este host: un puerto publicado de 127.0.0.1, no el nombre de un contenedor. Lo que no está definido es asunto de libpq (PGHOST …, ~/.pgpass, archivos de servicios). El rol necesita: GRANT pg_monitor TO <rol>."
        ),
        keys: [
            .databaseHost, .databasePort, .databaseName, .databaseUser, .databasePassword, .databasePasswordFile,
            .databaseSSLMode,
        ])
}

extension ConfigurationKey {
    static let databaseHost = Key(
        "DB_HOST", .word(.serverPlace).butNoURL, example: "127.0.0.1",
        "As seen from this host: the published port of a container is at 127.0.0.1.",
        "Visto desde este host: el puerto publicado de un contenedor está en 127.0.0.1.")
    static let databasePort = Key("DB_PORT", .port, example: "5432", "libpq's `port`.", "`port` de libpq.")
    static let databaseName = Key(
        "DB_NAME", .text.butNoURL, example: "chatdb",
        "libpq's `dbname`. The built-in query counts the sessions of all databases of the server.",
        "`dbname` de libpq. La consulta incorporada cuenta las sesiones de todas las bases del servidor.")
    static let databaseUser = Key(
        "DB_USER", .text.butNoURL, example: "autoscale",
        "A role with `pg_monitor`; without it the count would be too low, so the reading is missing and says so.",
        "Un rol con `pg_monitor`; sin él la cuenta sería demasiado baja, así que la lectura falta y lo dice.")
    static let databasePassword = Key(
        "DB_PASSWORD", .secret, example: "secret",
        "Never printed, logged or stored. Better a file than a value here; only one of the two may be set.",
        "Nunca se muestra, registra ni guarda. Mejor un archivo que un valor aquí; solo uno de los dos puede estar definido."
    )
    static let databasePasswordFile = Key(
        "DB_PASSWORD_FILE", .path, example: "config/db.password",
        "Its first line is the password. A file that can't be read counts as no password.",
        "Su primera línea es la contraseña. Un archivo que no se puede leer cuenta como ninguna contraseña.")
    static let databaseSSLMode = Key<Configuration.SSLMode?>(
        "DB_SSLMODE", .choice, example: "prefer", "libpq's `sslmode`.", "`sslmode` de libpq.")
}

extension Configuration {
    /// libpq's business where it is `nil`.
    package struct Database: Sendable {
        package let host: String?
        package let port: UInt16?
        package let name: String?
        package let user: String?
        package let credential: Credential?
        package let sslMode: SSLMode?

        package enum Credential: Sendable {
            case password(Secret)
            /// Its first line is the password.
            case file(FilePath)
        }

        package var password: Secret? {
            guard case .password(let password) = credential else { return nil }
            return password
        }

        package var passwordFile: FilePath? {
            guard case .file(let path) = credential else { return nil }
            return path
        }
    }

    /// libpq's `sslmode`.
    package enum SSLMode: String, CaseIterable, Sendable {
        case disable
        case allow
        case prefer
        case require
        case verifyCA = "verify-ca"
        case verifyFull = "verify-full"
    }

    static func database(_ reader: inout ConfigurationReader) -> Database {
        let password = reader[.databasePassword]
        let file = reader[.databasePasswordFile]
        if password != nil, file != nil { reader.contradiction(.both(.databasePassword, .databasePasswordFile)) }
        return Database(
            host: reader[.databaseHost], port: reader[.databasePort], name: reader[.databaseName],
            user: reader[.databaseUser],
            credential: password.map(Database.Credential.password) ?? file.map(Database.Credential.file),
            sslMode: reader[.databaseSSLMode])
    }
}

extension Configuration {
    /// libpq's keywords for what is set; the rest is libpq's own business.
    /// - Throws: `FileFailure` when `DB_PASSWORD_FILE` can't be read.
    package func postgresParameters() throws(FileFailure) -> PostgresParameters {
        var values: [String: String] = [:]
        values["host"] = database.host
        values["port"] = database.port.map(String.init)
        values["dbname"] = database.name
        values["user"] = database.user
        if let password = database.password {
            values["password"] = password.reveal()
        } else {
            values["password"] = try database.passwordFile.flatMap { path throws(FileFailure) in
                try Secret.firstLine(of: path)
            }
        }
        values["sslmode"] = database.sslMode?.rawValue
        return PostgresParameters(values)
    }
}
