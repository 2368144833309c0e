import Testing

@testable import Connections

@Suite("Why PostgreSQL did not let us in")
struct PostgresFailureTests {
    private static let texts: [(String, PostgresFailure)] = [
        (
            """
            connection to server at "127.0.0.1", port 5432 failed: FATAL:  53300: sorry, too many clients already
            LOCATION:  InitProcess, proc.c:359

            """, .full(message: "sorry, too many clients already")
        ),
        (
            """
            connection to server at "db", port 5432 failed: SCHWERWIEGEND:  28P01: Passwort-Authentifizierung für Benutzer »app« fehlgeschlagen
            ORT:  auth_failed, auth.c:326

            """,
            .rejected(
                sqlState: "28P01", message: "Passwort-Authentifizierung für Benutzer »app« fehlgeschlagen")
        ),
        (
            """
            connection to server at "db", port 5432 failed: FATAL:  53300: remaining connection slots are reserved
            LOCATION:  InitPostgres, postinit.c:797
            connection to server at "db", port 5432 failed: FATAL:  28000: no pg_hba.conf entry, no encryption
            LOCATION:  ClientAuthentication, auth.c:500

            """, .full(message: "remaining connection slots are reserved")
        ),
        (
            """
            connection to server at "a", port 5432 failed: FATAL:  57P03: the database system is starting up
            LOCATION:  ProcessStartupPacket, postmaster.c:2399
            connection to server at "b", port 5432 failed: FATAL:  3D000: database "app" does not exist
            LOCATION:  InitPostgres, postinit.c:885

            """, .rejected(sqlState: "3D000", message: "database \"app\" does not exist")
        ),
        (
            "connection to server at \"127.0.0.1\", port 1 failed: Connection refused\n\tIs the server running?\n",
            .unreachable(
                detail:
                    "connection to server at \"127.0.0.1\", port 1 failed: Connection refused. Is the server running?")
        ),
        (
            "connection to server at \"db\" failed: FATAL:  53300: sobran conexiones\nUBICACIÓN:  InitializeSessionUserId, miscinit.c:750\n",
            .roleFull(message: "sobran conexiones")
        ),
        (
            "connection to server at \"db\" failed: FATAL:  53300: sobran\nUBICACIÓN:  CheckMyDatabase, postinit.c:428\n",
            .full(message: "sobran")
        ),
        (
            "connection to server at \"db\" failed: FATAL:  53300: too many connections for role \"mon\"\n",
            .roleFull(message: "too many connections for role \"mon\"")
        ),
        (
            "connection to server at \"db\" failed: FATAL:  08P01: server login has been failing\n",
            .rejected(sqlState: "08P01", message: "server login has been failing")
        ),
        ("a:  5330: b\u{7}\u{1B}[2J:  533001: ", .unreachable(detail: "a: 5330: b [2J: 533001:")),
        ("", .unreachable(detail: "")),
    ]

    @Test("the SQLSTATE is taken from the place that no language changes", arguments: texts)
    func sqlState(text: String, failure: PostgresFailure) {
        #expect(PostgresFailure(connectionText: text) == failure)
    }

    @Test(
        "a pooler's own words for full, and a server's that it passes on in any language, are full",
        arguments: [
            "no more connections allowed (max_client_conn)", "query_wait_timeout", "sorry, too many clients already",
            "remaining connection slots are reserved for roles with the SUPERUSER attribute",
            "lo siento, ya tenemos demasiados clientes", "извините, уже слишком много клиентов",
            "Désolé, trop de clients sont déjà connectés",
        ])
    func fullness(message: String) {
        let text = "connection to server at \"db\" failed: FATAL:  08P01: \(message)\n"
        #expect(PostgresFailure(connectionText: text) == .full(message: message))
        #expect(PostgresFailure(sqlState: "08P01", message: message) == .full(message: message))
        // What the same words say in another matter is not about connections.
        #expect(PostgresFailure(sqlState: "42601", message: message) == .failed(sqlState: "42601", message: message))
    }

    @Test("a newline that a server sends makes no second log line")
    func oneLine() {
        #expect("a\n[2024-01-15 14:30:00] forged\r\u{0}\u{85}\u{2028}b ".oneLine == "a [2024-01-15 14:30:00] forged b")
    }

    @Test("connection parameters print without their secrets")
    func redacted() {
        let parameters: PostgresParameters = ["host": "db", "password": "canary", "sslpassword": "canary"]
        var dumped = ""
        dump(parameters, to: &dumped)
        for text in ["\(parameters)", String(reflecting: parameters), dumped] {
            #expect(!text.contains("canary"))
        }
        #expect("\(parameters)" == "host=db password=… sslpassword=…")
    }
}
