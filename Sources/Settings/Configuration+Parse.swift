import Decisions
import Host
package import SystemPackage

extension Configuration {
    /// Reads the text of a configuration file.
    /// - Parameters:
    ///   - path: as it was named; errors quote it.
    ///   - base: what relative paths start from.
    /// - Throws: `ConfigurationError.invalid` with everything that is wrong, not only the first thing.
    package init(
        text: String, path: FilePath, base: FilePath, environment: [String: String]
    ) throws(ConfigurationError) {
        try self.init(file: SettingsFile(text: text), path: path, base: base, environment: environment)
    }

    /// The same of a file that is already taken apart.
    init(
        file settings: SettingsFile, path: FilePath, base: FilePath, environment: [String: String]
    ) throws(ConfigurationError) {
        var reader = ConfigurationReader(path: path.string, base: base, file: settings, environment: environment)
        let file = reader.pathParser

        self.path = path
        self.base = base
        alertLines = LastGoodConfiguration.text(of: settings)
        service = reader.value(.service, .serviceName, or: "app")
        language = reader.value(.language, .choice, or: .english)
        stateFile = reader.value(.stateFile, file, or: base)
        metrics = reader.value(.metrics, .metrics, or: [])
        scaling = Self.scaling(&reader, metrics: metrics)
        connectionsQuery = reader.optional(.connectionsQuery, .text)
        database = Self.database(&reader)
        repairs = Self.repairs(&reader, backends: scaling.backends)
        readyWait = reader.value(.readyWait, .seconds(0...30), or: .zero)
        probe = HealthProbe(
            path: reader.value(.healthPath, .urlPath, or: "/"),
            host: reader.optional(.healthHost, .hostHeader),
            timeout: reader.value(.healthTimeout, .seconds(1...30), or: .zero),
            attempts: reader.value(.healthRetries, .integer(1...10), or: 1))
        target = reader.value(.target, .choice, or: .docker)
        backends = Self.backends(&reader, service: service, file: file)
        docker = reader.optional(.dockerHost, .dockerAddress)
        loadBalancer = try Self.loadBalancer(&reader, service: service, file: file)
        backup = Self.backup(&reader, file: file)
        cleanup = Self.cleanup(&reader)
        healthCheck = Self.healthCheck(
            &reader, file: file, backends: scaling.backends, diskFloor: cleanup.minimumFree)
        alerts = Self.alerts(&reader)

        Self.checkMemory(&reader, backends)
        if target == .process, backends.command == nil {
            reader.contradiction(
                .backendCommand, .target,
                found: Words(
                    "TARGET is process and BACKEND_COMMAND is not set",
                    "TARGET es process y BACKEND_COMMAND no está definido"),
                allowed: Words(
                    "BACKEND_COMMAND with the program to start", "BACKEND_COMMAND con el programa que arrancar"))
        }
        guard reader.problems.isEmpty else { throw .invalid(reader.problems) }
        unexpanded = settings.unexpanded(in: path.string, language)
        let order = Dictionary(uniqueKeysWithValues: ConfigurationKey.allCases.enumerated().map { ($1, $0) })
        entries = reader.entries.sorted { order[$0.key, default: 0] < order[$1.key, default: 0] }
        warnings =
            Self.unknownOverrides(environment, language)
            + (target == .docker && backends.image == nil
                ? [
                    language.choose(
                        "BACKEND_IMAGE is not set: backends can be adopted, but none can be started",
                        "BACKEND_IMAGE no está definido: se pueden adoptar backends, pero no arrancar ninguno")
                ] : [])
            + (backends.hostPorts.count < scaling.backends.upperBound && backends.addressing == .published
                ? [
                    language.choose(
                        "BACKEND_HOST_PORTS has fewer ports than MAX_BACKENDS asks for",
                        "BACKEND_HOST_PORTS tiene menos puertos de los que pide MAX_BACKENDS")
                ] : [])
            + (!backup.recipients.isEmpty && backup.identityFile == nil
                ? [
                    language.choose(
                        "BACKUP_ENCRYPT_TO without BACKUP_IDENTITY_FILE: dumps can't be read again here, so none counts as "
                            + "verified and retention removes none",
                        "BACKUP_ENCRYPT_TO sin BACKUP_IDENTITY_FILE: aquí no se pueden releer los volcados, así que ninguno "
                            + "cuenta como verificado y la retención no elimina ninguno")
                ] : [])
    }

    private static func scaling(_ reader: inout ConfigurationReader, metrics: [Metric]) -> ScalingPolicy {
        let percent = 0...100
        let anyCount = 0...Int.max
        let limits: [(Metric, ConfigurationKey, ConfigurationKey, ClosedRange<Int>)] = [
            (.cpu, .cpuMinimum, .cpuMaximum, percent),
            (.memory, .memoryMinimum, .memoryMaximum, percent),
            (.connections, .connectionsMinimum, .connectionsMaximum, anyCount),
        ]
        var bands: [Metric: ScalingPolicy.Band] = [:]
        for (metric, lowKey, highKey, range) in limits {
            let low = reader.optional(lowKey, .integer(range))
            let high = reader.optional(highKey, .integer(range))
            guard let low, let high else { continue }
            if low >= high {
                reader.contradiction(
                    lowKey, highKey,
                    found: Words(
                        "\(lowKey.rawValue) (\(low)) is not below \(highKey.rawValue) (\(high))",
                        "\(lowKey.rawValue) (\(low)) no es menor que \(highKey.rawValue) (\(high))"),
                    allowed: .same("\(lowKey.rawValue) < \(highKey.rawValue)"))
            }
            if metrics.contains(metric) { bands[metric] = .init(minimum: low, maximum: high) }
        }
        let scope: ScalingPolicy.ConnectionsScope = reader.value(.connectionsScope, .choice, or: .total)
        let minimum = reader.value(.minimumBackends, .integer(1...1000), or: 1)
        let maximum = reader.value(.maximumBackends, .integer(1...1000), or: max(1, minimum))
        if minimum > maximum {
            reader.contradiction(
                .minimumBackends, .maximumBackends,
                found: Words(
                    "MIN_BACKENDS (\(minimum)) is above MAX_BACKENDS (\(maximum))",
                    "MIN_BACKENDS (\(minimum)) es mayor que MAX_BACKENDS (\(maximum))"),
                allowed: .same("MIN_BACKENDS <= MAX_BACKENDS"))
        }
        return ScalingPolicy(
            bands: bands, connectionsScope: scope, backends: min(minimum, maximum)...maximum,
            upCooldown: reader.value(.scaleUpCooldown, .seconds(0...86400), or: .zero),
            downCooldown: reader.value(.scaleDownCooldown, .seconds(0...86400), or: .zero),
            upSamples: reader.value(.upSamples, .integer(1...1000), or: 1),
            downSamples: reader.value(.downSamples, .integer(1...1000), or: 1))
    }

    private static func repairs(_ reader: inout ConfigurationReader, backends: ClosedRange<Int>) -> RepairPolicy {
        let least = reader.value(.drainSeconds, .seconds(0...86400), or: .zero)
        let most = reader.value(.drainTimeout, .seconds(0...86400), or: .zero)
        if least > most {
            reader.contradiction(
                .drainSeconds, .drainTimeout,
                found: Words(
                    "DRAIN_SECONDS (\(least.inSeconds)) is above DRAIN_TIMEOUT (\(most.inSeconds))",
                    "DRAIN_SECONDS (\(least.inSeconds)) es mayor que DRAIN_TIMEOUT (\(most.inSeconds))"),
                allowed: .same("DRAIN_SECONDS <= DRAIN_TIMEOUT"))
        }
        return RepairPolicy(
            backends: backends,
            startupTimeout: reader.value(.startupTimeout, .seconds(0...86400), or: .zero),
            drainSeconds: least, drainTimeout: most)
    }

    private static func database(_ reader: inout ConfigurationReader) -> Database {
        let password = reader.optional(.databasePassword, .secret)
        let passwordFile = reader.optional(.databasePasswordFile, reader.pathParser)
        if password != nil, passwordFile != nil {
            reader.contradiction(
                .databasePassword, .databasePasswordFile,
                found: Words(
                    "DB_PASSWORD and DB_PASSWORD_FILE are both set",
                    "DB_PASSWORD y DB_PASSWORD_FILE están definidos a la vez"),
                allowed: Words("one of them", "uno de los dos"))
        }
        return Database(
            host: reader.optional(.databaseHost, .word(.serverPlace).butNoURL),
            port: reader.optional(.databasePort, .port),
            name: reader.optional(.databaseName, .text.butNoURL),
            user: reader.optional(.databaseUser, .text.butNoURL),
            password: password, passwordFile: passwordFile,
            sslMode: reader.optional(.databaseSSLMode, .choice))
    }

    private static func backends(
        _ reader: inout ConfigurationReader, service: String, file: ValueParser<FilePath>
    ) -> Backends {
        Backends(
            namePrefix: reader.value(.backendName, .backendName, or: "\(service)_backend"),
            port: reader.value(.backendPort, .port, or: 1),
            hostPorts: reader.value(.backendHostPorts, .ports, or: 1...1),
            addressing: reader.value(.backendAddress, .choice, or: .published),
            image: reader.optional(
                .backendImage, .word(Words("an image name without white space", "un nombre de imagen sin espacios"))),
            network: reader.optional(
                .backendNetwork, .word(Words("a network name without white space", "un nombre de red sin espacios"))),
            cpus: reader.optional(.backendCPUs, .cpus),
            memory: reader.optional(.backendMemory, .bytes),
            memoryReservation: reader.optional(.backendMemoryReservation, .bytes),
            command: reader.optional(.backendCommand, .command),
            environmentFile: reader.optional(.backendEnvironmentFile, file),
            stopTimeout: reader.value(.stopTimeout, .seconds(0...30), or: .zero))
    }

    /// Docker refuses a reservation above the limit, but only when the first backend is started.
    private static func checkMemory(_ reader: inout ConfigurationReader, _ backends: Backends) {
        guard let limit = backends.memory, let reservation = backends.memoryReservation, reservation > limit else {
            return
        }
        reader.contradiction(
            .backendMemory, .backendMemoryReservation,
            found: Words(
                "BACKEND_MEMORY_RESERVATION is above BACKEND_MEMORY",
                "BACKEND_MEMORY_RESERVATION es mayor que BACKEND_MEMORY"),
            allowed: .same("BACKEND_MEMORY_RESERVATION <= BACKEND_MEMORY"))
    }

    private static func loadBalancer(
        _ reader: inout ConfigurationReader, service: String, file: ValueParser<FilePath>
    ) throws(ConfigurationError) -> LoadBalancer {
        guard let fallbackName = UpstreamConfiguration.Name("\(service)_backend"),
            let serviceName = UpstreamConfiguration.Name(service), let anywhere = ServerAddress("127.0.0.1:8080")
        else { throw .invalid(reader.problems) }  // a service name is always an upstream name
        let nginx = CommandWords(program: "nginx", arguments: [])
        let listen = reader.value(.nginxStatusListen, .listen, or: anywhere)
        return LoadBalancer(
            upstreamFile: reader.value(.upstreamFile, file, or: FilePath("/")),
            upstreamName: reader.value(.upstreamName, .upstreamName, or: fallbackName),
            testCommand: reader.value(.nginxTestCommand, .command, or: nginx),
            reloadCommand: reader.value(.nginxReloadCommand, .command, or: nginx),
            status: .init(listen: listen, service: serviceName),
            statusURL: reader.value(.nginxStatusURL, .statusURL, or: "http://\(listen.reachable)"),
            method: reader.value(.balancingMethod, .balancingMethod, or: .leastConnections),
            keepalive: reader.value(.balancingKeepalive, .integer(0...65535), or: 0),
            maxFails: reader.value(.balancingMaxFails, .integer(0...1000), or: 0),
            failTimeout: reader.value(.balancingFailTimeout, .integer(0...86400), or: 0))
    }

    /// Names that look like overrides and are none: a slip there would go unnoticed otherwise.
    private static func unknownOverrides(_ environment: [String: String], _ language: Language) -> [String] {
        let known = Set(ConfigurationKey.allCases.map(\.environmentName))
            .union(["AUTOSCALE_CONFIG", "AUTOSCALE_NAME", "AUTOSCALE_CREATED", "AUTOSCALE_OP"])
        return environment.keys.filter { $0.hasPrefix("AUTOSCALE_") && !known.contains($0) }.sorted().map { name in
            let nearest = ConfigurationKey.nearest(to: String(name.dropFirst("AUTOSCALE_".count)))
            let hint =
                nearest.map {
                    language.choose(
                        ", did you mean \($0.environmentName)?", ", ¿quiso decir \($0.environmentName)?")
                } ?? ""
            return language.choose(
                "environment \(name.escapingControls()) overrides no key\(hint)",
                "entorno \(name.escapingControls()): no sustituye ninguna clave\(hint)")
        }
    }
}

extension ServerAddress {
    /// Where a listen address can be reached from this machine: "any" is not an address to connect to.
    fileprivate var reachable: ServerAddress {
        switch host {
        case .ipv4(0): .loopback(port: port) ?? self
        case .ipv6(let groups) where groups.allSatisfy({ $0 == 0 }):
            ServerAddress(host: .ipv6([0, 0, 0, 0, 0, 0, 0, 1]), port: port) ?? self
        default: self
        }
    }
}

extension Words {
    /// Where a database server is.
    static let serverPlace = Words(
        "a host name, an address or a socket folder", "un nombre de host, una dirección o una carpeta de sockets")
}

extension ValueParser where Value == String {
    /// An `http` address; a path of `/autoscale` is what we ask for, so it may stand there.
    static var statusURL: Self {
        Self(
            allowed: .same("http://HOST:PORT"),
            parse: { text in
                var url = Substring(text)
                for ending in ["/", "/autoscale"] where url.hasSuffix(ending) { url = url.dropLast(ending.count) }
                guard url.hasPrefix("http://") || url.hasPrefix("https://"),
                    url.utf8.allSatisfy({ (33...126).contains($0) }), !url.contains("@"),
                    url.split(separator: "/").count == 2
                else { return nil }
                return String(url)
            })
    }
}
