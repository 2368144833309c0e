import Decisions
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

        self.path = path
        self.base = base
        alertLines = LastGoodConfiguration.text(of: settings)
        service = reader[.service]
        language = reader[.language]
        stateFile = reader[.stateFile]
        metrics = reader[.metrics]
        scaling = Self.scaling(&reader, metrics: metrics)
        connectionsQuery = reader[.connectionsQuery]
        database = Self.database(&reader)
        let publisher = reader[.publisher]
        repairs = Self.repairs(&reader, backends: scaling.backends, sendsRequests: publisher == .nginx)
        readyWait = reader[.readyWait]
        probe = Self.probe(&reader)
        backends = Self.backends(&reader)
        let docker = DockerSettings(&reader)
        let target = Self.target(&reader, docker: docker)
        let nginx = Self.loadBalancer(&reader)
        backup = Self.backup(&reader)
        cleanup = Self.cleanup(&reader)
        healthCheck = Self.healthCheck(&reader, backends: scaling.backends, diskFloor: cleanup.minimumFree)
        alerts = Self.alerts(&reader)

        guard reader.problems.isEmpty, let target, let nginx else { throw .invalid(reader.problems) }
        self.target = target
        loadBalancer = publisher == .nginx ? nginx : nil
        dockerHost = docker.host
        entries = reader.entries
        unexpandedLines = settings.unexpanded(in: path.string)
        overridesOfNothing = Self.overridesOfNothing(environment)
    }

    /// Names that look like overrides and are none: a slip there would go unnoticed otherwise.
    private static func overridesOfNothing(_ environment: [String: String]) -> [ConfigurationWarning] {
        let known = Set(ConfigurationKey.allCases.map(\.environmentName))
            .union(["AUTOSCALE_CONFIG", "AUTOSCALE_NAME", "AUTOSCALE_CREATED", "AUTOSCALE_OP"])
        return environment.keys.filter { $0.hasPrefix("AUTOSCALE_") && !known.contains($0) }.sorted().map { name in
            .overridesNothing(
                variable: name, nearest: ConfigurationKey.nearest(to: String(name.dropFirst("AUTOSCALE_".count))))
        }
    }
}
