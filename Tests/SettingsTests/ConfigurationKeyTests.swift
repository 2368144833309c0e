import Connections
import Decisions
import Host
import SystemPackage
import TestSupport
import Testing

@testable import Settings

/// What a key's one definition says, as it comes out of a reading.
struct ConfigurationKeyTests {
    private func parse(_ text: String, environment: [String: String] = [:]) throws -> Configuration {
        try Configuration(text: text, path: "c", base: "/srv/chat", environment: environment)
    }

    private func problems(_ text: String) -> [ConfigurationProblem] {
        do throws(ConfigurationError) {
            _ = try Configuration(text: text, path: "c", base: "/srv/chat", environment: [:])
            return []
        } catch {
            guard case .invalid(let problems) = error else { return [] }
            return problems
        }
    }

    private func entry(_ key: ConfigurationKey, _ text: String) throws -> ConfigurationEntry? {
        try parse(text).entries.first { $0.key == key }
    }

    @Test(arguments: ["", "BACKUP_PG_DUMP=\n"])
    func `the program that dumps is shown also where nobody set one`(text: String) throws {
        #expect(try parse(text).backup.dumpProgram == "pg_dump")
        #expect(
            try entry(.backupDumpProgram, text) == .init(key: .backupDumpProgram, text: "pg_dump", origin: .fallback))
    }

    @Test(
        arguments: [
            (.backendName, "SERVICE=shop", "shop_backend"), (.upstreamName, "SERVICE=shop", "shop_backend"),
            (.nginxStatusURL, "NGINX_STATUS_LISTEN=0.0.0.0:81", "http://127.0.0.1:81"),
            (.nginxStatusURL, "NGINX_STATUS_LISTEN=[::]:81", "http://[0:0:0:0:0:0:0:1]:81"),
            (.nginxStatusURL, "NGINX_STATUS_LISTEN=10.0.0.1:81", "http://10.0.0.1:81"),
        ] as [(ConfigurationKey, String, String)])
    func `a default that follows from another key is shown as the default`(
        key: ConfigurationKey, text: String, expected: String
    ) throws {
        for written in [text, "\(text)\n\(key)="] {
            #expect(try entry(key, written) == .init(key: key, text: expected, origin: .fallback))
        }
    }

    @Test(arguments: [
        "DRAIN_TIMEOUT=soon", "MAX_BACKENDS=many\nMIN_BACKENDS=20", "CPU_MAX=all\nCPU_MIN=99",
        "TARGET=process\nBACKEND_COMMAND='\"'", "BACKEND_MEMORY=1\nBACKEND_MEMORY_RESERVATION=8m",
        "ALERT_URL=smtp://a.example\nALERT_EMAIL_TO=nobody",
    ])
    func `a value that can't be used contradicts nothing`(text: String) {
        let found = problems(text)
        #expect(found.count == 1, "\(found)")
    }

    @Test func `what only one kind of target has comes with it`() throws {
        let docker = try parse("BACKEND_IMAGE=a:1\nBACKEND_PORT=81\nBACKEND_COMMAND=true\n")
        #expect(docker.target.docker?.image == "a:1" && docker.target.docker?.port == 81)
        let process = try parse("TARGET=process\nBACKEND_COMMAND='a b'\nBACKEND_IMAGE=a:1\n")
        guard case .process(let settings) = process.target else {
            Issue.record("\(process.target)")
            return
        }
        #expect(settings.command == CommandWords(program: "a", arguments: ["b"]))
        #expect(process.target.docker == nil && process.docker == nil)
        #expect(try parse("TARGET=process\nBACKEND_COMMAND=a\nCLEANUP_BUILD_CACHE=true\n").docker != nil)
    }

    @Test func `each key stands in one section, and no two have one name`() {
        let names = ConfigurationKey.allCases.map(\.rawValue)
        #expect(Set(names).count == names.count && names.count > 90)
        for name in names { #expect(ConfigurationKey.named(name)?.environmentName == "AUTOSCALE_\(name)") }
    }

    @Test(
        arguments: [
            ("LANGUAGE=es\nCPU_MAX=x", [:], Language.spanish), ("CPU_MAX=x", [:], .english),
            ("CPU_MAX=x", ["AUTOSCALE_LANGUAGE": "es"], .spanish),
            ("LANGUAGE=es", ["AUTOSCALE_LANGUAGE": "en"], .english),
            ("LANGUAGE='es'  # español\nnonsense", ["AUTOSCALE_LANGUAGE": "fr"], .spanish),
            ("LANGUAGE=fr", [:], .english),
            ("LANGUAGE=es\nLANGUAGE=en", [:], .spanish), ("\u{0}LANGUAGE=es", [:], .english),
        ] as [(String, [String: String], Language)])
    func `what is wrong is said in the language that can be read, else in English`(
        text: String, environment: [String: String], language: Language
    ) async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending("a.conf")
            try DurableFile.replace(file, with: Array(text.utf8))
            #expect(
                Configuration.language(named: file.string, environment: environment, executable: "/x/y") == language)
        }
        #expect(
            Configuration.language(named: "/absent", environment: environment, executable: "/x/y")
                == (environment["AUTOSCALE_LANGUAGE"] == "es" ? .spanish : .english))
    }
}
