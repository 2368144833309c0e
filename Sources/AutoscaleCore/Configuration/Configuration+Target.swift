import Decisions
import SystemPackage

extension Configuration {
    /// The target that `TARGET` names, ready to be asked.
    func makeTarget() throws(RunFailure) -> any ScalingTarget {
        let environment = try backendEnvironment()
        switch target {
        case .docker:
            guard let docker else { throw .target(.unreachable(address: "DOCKER_HOST", detail: "not set")) }
            return DockerTarget(
                .init(
                    service: service, image: backends.image, network: backends.network, backendPort: backends.port,
                    hostPorts: backends.hostPorts,
                    addressing: backends.addressing == .published ? .published : .network,
                    cpus: backends.cpus, memoryBytes: backends.memory,
                    memoryReservationBytes: backends.memoryReservation, environment: environment,
                    stopTimeout: backends.stopTimeout, language: language),
                engine: DockerEngine(docker))
        case .process:
            guard let command = backends.command else {
                throw .target(.refused(action: "BACKEND_COMMAND", status: 0, message: "not set"))
            }
            return ProcessTarget(
                .init(
                    service: service, command: command, environment: environment, hostPorts: backends.hostPorts,
                    namePrefix: backends.namePrefix, logFolder: logFolder, stateFile: stateFile,
                    workingDirectory: base, stopTimeout: backends.stopTimeout, language: language))
        }
    }

    /// What `BACKEND_ENV_FILE` says, read as strictly as the configuration.
    private func backendEnvironment() throws(RunFailure) -> [String: String] {
        guard let path = backends.environmentFile else { return [:] }
        do throws(UnsafeFile) {
            try FileOwnership.check(path)
        } catch {
            throw .unsafe(error)
        }
        let bytes: [UInt8]?
        do throws(FileFailure) {
            bytes = try DurableFile.contents(of: path)
        } catch {
            throw .environmentFile(.unreadable(path: path.string, detail: error.errno.description))
        }
        guard let bytes else { throw .environmentFile(.absent(path: path.string)) }
        // A byte that is replaced would give the backends another password than the one in the file.
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .environmentFile(.unreadable(path: path.string, detail: "not UTF-8 text"))
        }
        let file = SettingsFile(text: text)
        guard file.problems.isEmpty else { throw .environmentFile(.invalid(file.allProblems(in: path.string))) }
        return Dictionary(uniqueKeysWithValues: file.lines.map { ($0.key, $0.value) })
    }

    /// libpq's keywords for what is set; the rest is libpq's own business.
    /// - Throws: `FileFailure` when `DB_PASSWORD_FILE` can't be read.
    func postgresParameters() throws(FileFailure) -> PostgresParameters {
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

extension Secret {
    /// The first line of a file that holds nothing else of interest.
    static func firstLine(of path: FilePath) throws(FileFailure) -> String? {
        guard let bytes = try DurableFile.contents(of: path) else {
            throw FileFailure(path: path, action: "open", errno: .noSuchFileOrDirectory)
        }
        return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).first.map(String.init)
    }
}
