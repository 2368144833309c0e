import Connections
import Decisions
import SystemPackage
import TestSupport
import Testing

@testable import Host
@testable import Settings

struct ConfigurationTests {
    @Test func `an empty file gives the documented defaults`() throws {
        let configuration = try parse("")
        #expect(configuration.service == "app")
        #expect(configuration.language == .english)
        #expect(configuration.stateFile == "/srv/chat/state/autoscale.json")
        #expect(configuration.scaling.bands[.cpu] == .init(minimum: 20, maximum: 80))
        #expect(configuration.scaling.bands[.memory] == .init(minimum: 30, maximum: 85))
        #expect(configuration.scaling.bands[.connections] == .init(minimum: 20, maximum: 100))
        #expect(configuration.scaling.backends == 1...10)
        #expect(configuration.repairs.drainTimeout == .seconds(300))
        #expect(configuration.backends.namePrefix == "app_backend")
        #expect(configuration.backends.hostPorts == 3000...3099)
        #expect(configuration.loadBalancer?.upstreamFile == "/srv/chat/nginx/upstream.conf")
        #expect(configuration.loadBalancer?.statusURL == "http://127.0.0.1:8080")
        #expect(configuration.loadBalancer?.testCommand == CommandWords(program: "nginx", arguments: ["-t"]))
        #expect(configuration.database.host == nil)
        #expect(configuration.entries.map(\.key) == ConfigurationKey.allCases)
    }

    @Test func `the environment wins over the file, the file over the default`() throws {
        let configuration = try parse(
            "CPU_MAX=70\nMEMORY_MAX=60\n",
            environment: ["AUTOSCALE_CPU_MAX": "75", "MEMORY_MAX": "1", "SERVICE": "other"])
        #expect(configuration.scaling.bands[.cpu]?.maximum == 75)
        #expect(configuration.scaling.bands[.memory]?.maximum == 60)
        #expect(configuration.service == "app", "plain names are too common to be meant")
        func origin(_ key: ConfigurationKey) -> Origin? { configuration.entries.first { $0.key == key }?.origin }
        #expect(origin(.cpuMaximum) == .environment("AUTOSCALE_CPU_MAX"))
        #expect(origin(.memoryMaximum) == .file("c", line: 2))
        #expect(origin(.cpuMinimum) == .fallback)
        #expect(origin(.databaseHost) == .unset)
    }

    @Test func `DOCKER_HOST is taken from the environment as everybody's is`() throws {
        let configuration = try parse("DOCKER_HOST=unix:///a\n", environment: ["DOCKER_HOST": "unix:///b"])
        #expect(configuration.docker?.description == "unix:///b")
        let ours = try parse("", environment: ["DOCKER_HOST": "unix:///b", "AUTOSCALE_DOCKER_HOST": "unix:///c"])
        #expect(ours.docker?.description == "unix:///c")
    }

    @Test func `everything that is wrong is said at once, with place, key, what was found and what is allowed`() throws
    {
        let text = "CPU_MXA=1\nCPU_MIN=90\nnonsense\nMAX_BACKENDS=many\nCPU_MIN=1\nLANGUAGE=fr\n"
        let error = #expect(throws: ConfigurationError.self) { try parse(text) }
        #expect(
            error?.description == """
                c:1: CPU_MXA: unknown key, did you mean CPU_MAX?
                c:2: CPU_MIN: CPU_MIN (90) is not below CPU_MAX (80), allowed: CPU_MIN < CPU_MAX
                c:3: no '=', allowed: KEY=VALUE
                c:4: MAX_BACKENDS: 'many', allowed: a whole number from 1 to 1000
                c:5: CPU_MIN: given again, allowed: once (line 2 has it, too)
                c:6: LANGUAGE: 'fr', allowed: en, es
                """)
    }

    @Test(
        "Values of the wrong kind are refused",
        arguments: [
            "SERVICE=Chat", "SERVICE=", "SERVICE=-a", "SERVICE=a.b", "SERVICE=\(String(repeating: "a", count: 32))",
            "METRICS=cpu,disk",
            "METRICS=", "METRICS=cpu,cpu", "CPU_MAX=101", "CPU_MAX=80%", "CPU_MAX=-1", "CPU_MAX=8e1", "CPU_MAX= ",
            "MIN_BACKENDS=0",
            "SCALE_UP_COOLDOWN=1m", "SCALE_UP_COOLDOWN=1.5", "HEALTH_PATH=health", "HEALTH_PATH=/a b", "BACKEND_PORT=0",
            "BACKEND_PORT=65536", "BACKEND_HOST_PORTS=3099-3000", "BACKEND_HOST_PORTS=3000", "BACKEND_MEMORY=1x",
            "BACKEND_MEMORY=5m",
            "BACKEND_CPUS=0", "BACKEND_CPUS=nan", "BACKEND_CPUS=inf", "DOCKER_HOST=ssh://a", "NGINX_UPSTREAM_NAME=a;b",
            "NGINX_STATUS_LISTEN=localhost:8080", "NGINX_STATUS_LISTEN=8080", "NGINX_STATUS_URL=ftp://a",
            "LB_METHOD=fastest",
            "LB_METHOD=hash request_uri", "NGINX_TEST_COMMAND=", "NGINX_TEST_COMMAND=\"nginx 'x\"", "DB_PORT=x",
            "DB_SSLMODE=yes",
            "TARGET=kubernetes", "TARGET=process", "MIN_BACKENDS=11", "DRAIN_SECONDS=301", "MEMORY_MIN=85",
            "CONNECTIONS_SCOPE=each",
        ])
    func refused(_ line: String) throws {
        let key = String(line.prefix { $0 != "=" })
        let error = #expect(throws: ConfigurationError.self) { try parse(line) }
        guard case .invalid(let problems) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(problems.count == 1, "\(problems)")
        #expect(problems.first?.key == key)
        #expect(problems.first?.place == "c:1")
    }

    @Test func `what is wrong with any key is said in Spanish, too, and all of it`() throws {
        let slips =
            ConfigurationKey.allCases.map { "\($0.rawValue)=<a b>://@ 'x" } + [
                "CPU_MIN=90", "MIN_BACKENDS=11", "DRAIN_SECONDS=301", "DB_PASSWORD=a\nDB_PASSWORD_FILE=b",
                "TARGET=process", "BACKEND_MEMORY=8m\nBACKEND_MEMORY_RESERVATION=9m", "ALERT_URL=smtp://a.example",
                "CPU_MXA=1", "nonsense", "A B=1", "=1", "CPU_MAX='", "CPU_MAX='a' b", "1A=2", "export A=1", "A.B=1",
                "CPU_MAX=1\nCPU_MAX=2", "CPU_MAX=\"a\nb\"", "CPU_MAX=a\u{1}", "CPU_MAX=\"\\\"\"",
            ]
        let english =
            /\b(the|and|or|of|with|without|such|from|whole|not|set|allowed|mean|key|line|value|text|environment)\b/
        var refused = 0
        for slip in slips {
            do {
                _ = try parse(slip)
            } catch let error as ConfigurationError {
                refused += 1
                let sentence = error.sentence(in: .spanish)
                #expect(sentence != error.description)
                #expect(sentence.firstMatch(of: english) == nil, "\(sentence)")
            }
        }
        #expect(refused > 60)
        let error = #expect(throws: ConfigurationError.self) { try parse("", environment: ["AUTOSCALE_CPU_MAX": "x"]) }
        #expect(
            error?.sentence(in: .spanish)
                == "entorno AUTOSCALE_CPU_MAX: CPU_MAX: 'x', se admite: un número entero de 0 a 100")
    }

    @Test func `a contradiction between the environment and the file is said where it was made`() throws {
        let error = #expect(throws: ConfigurationError.self) { try parse("", environment: ["AUTOSCALE_CPU_MIN": "80"]) }
        #expect(
            error?.description.hasPrefix("environment AUTOSCALE_CPU_MIN: CPU_MIN: ") == true,
            "\(String(describing: error))")
    }

    @Test func `a memory reservation above the limit is said before Docker refuses it`() throws {
        let error = #expect(throws: ConfigurationError.self) {
            try parse("BACKEND_MEMORY=256m\nBACKEND_MEMORY_RESERVATION=512m\n")
        }
        #expect(error?.description.hasPrefix("c:2: BACKEND_MEMORY_RESERVATION: ") == true)
    }

    @Test func `a secret is in no description`() throws {
        let configuration = try parse("DB_PASSWORD=canary-1\n")
        #expect(configuration.database.password?.reveal() == "canary-1")
        #expect(!"\(configuration)".contains("canary-1"))
        #expect(!String(reflecting: configuration).contains("canary-1"))
        #expect(configuration.entries.first { $0.key == .databasePassword }?.text == "********")
    }

    @Test func `a misspelled override is warned of`() throws {
        let configuration = try parse(
            "BACKEND_IMAGE=x\n", environment: ["AUTOSCALE_CPU_MXA": "1", "AUTOSCALE_CONFIG": "c"])
        #expect(
            configuration.warnings == [
                "environment AUTOSCALE_CPU_MXA overrides no key, did you mean AUTOSCALE_CPU_MAX?"
            ])
    }

    @Test(
        "The nearest known key is found",
        arguments: [
            ("CPU_MAXX", ConfigurationKey.cpuMaximum), ("cpu_max", nil), ("MAX_BACKEND", .maximumBackends),
            ("DB_PASSWROD", .databasePassword),
            ("XYZZY", nil),
        ])
    func nearest(_ name: String, _ key: ConfigurationKey?) {
        #expect(ConfigurationKey.nearest(to: name) == key)
    }

    @Test func `relative paths start beside the folder config, never from the working directory`() async throws {
        try await withTemporaryFolder { folder in
            for (name, base) in [("config", folder), ("other", folder.appending("other"))] {
                let place = folder.appending(name)
                try DurableFile.makeFolder(place, mode: .ownerReadWriteExecute)
                let file = place.appending("a.conf")
                try DurableFile.replace(
                    file, with: Array("STATE_FILE=s/a.json\nNGINX_UPSTREAM_FILE=/etc/n/u.conf\n".utf8))
                let configuration = try Configuration.load(
                    named: file.string, environment: [:], executable: "/bin/autoscale")
                #expect(configuration.stateFile == base.appending("s").appending("a.json"))
                #expect(configuration.loadBalancer?.upstreamFile == "/etc/n/u.conf")
            }
        }
    }

    @Test func `the file is looked for in the given order`() async throws {
        try await withTemporaryFolder { folder in
            let program = folder.appending("bin").appending("autoscale")
            let prefixed = folder.appending("config").appending("autoscale.conf")
            try DurableFile.makeFolder(prefixed.removingLastComponent(), mode: .ownerReadWriteExecute)
            try DurableFile.replace(prefixed, with: Array("SERVICE=prefix\n".utf8))
            let named = folder.appending("config").appending("named.conf")
            try DurableFile.replace(named, with: Array("SERVICE=named\n".utf8))
            func service(_ argument: String?, _ variable: String?) throws -> String {
                let environment = variable.map { ["AUTOSCALE_CONFIG": $0] } ?? [:]
                return try Configuration.load(named: argument, environment: environment, executable: program).service
            }
            #expect(try service(nil, nil) == "prefix")
            #expect(try service(nil, named.string) == "named")
            #expect(try service(prefixed.string, named.string) == "prefix")
            let absent = folder.appending("absent.conf").string
            #expect(throws: ConfigurationError.absent(path: absent)) { try service(nil, absent) }
        }
    }

    @Test func `a world-writable file, or one in such a folder, is refused`() async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending("a.conf")
            try DurableFile.replace(file, with: [], mode: [.ownerReadWrite, .otherReadWrite])
            #expect(throws: ConfigurationError.unsafe(.init(path: file.string, cause: .worldWritable))) {
                try Configuration.load(named: file.string, environment: [:], executable: "/x/y")
            }
        }
    }

    @Test func `what is no text is no configuration`() async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending("a.conf")
            try DurableFile.replace(file, with: [0xFF, 0xFE, 0x00])
            let error = #expect(throws: ConfigurationError.self) {
                try Configuration.load(named: file.string, environment: [:], executable: "/x/y")
            }
            #expect(error?.description.hasPrefix("\(file): UTF-16 text, allowed: UTF-8; convert it: ") == true)
        }
    }

    private func parse(_ text: String, environment: [String: String] = [:]) throws -> Configuration {
        try Configuration(text: text, path: "c", base: "/srv/chat", environment: environment)
    }
}
