import Decisions
import SystemPackage

extension Configuration {
    /// What is to be done with the target.
    enum Purpose: Sendable {
        /// Reads nothing that only a start needs: the backends' environment may be for their owner's eyes alone.
        case looking
        case acting
    }

    /// The target that `TARGET` names, ready to be asked.
    func makeTarget(for purpose: Purpose) throws(RunFailure) -> any ScalingTarget {
        let environment = purpose == .acting ? try backendEnvironment() : [:]
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
        guard let file = try backendEnvironmentFile() else { return [:] }
        return Dictionary(uniqueKeysWithValues: file.lines.map { ($0.key, $0.value) })
    }

    /// The file itself, checked and without a problem; `nil` where none is set.
    ///
    /// Its owner may also be the state folder's where root runs: backends run as that user, and nothing of it is run here.
    func backendEnvironmentFile() throws(RunFailure) -> SettingsFile? {
        guard let path = backends.environmentFile else { return nil }
        do throws(UnsafeFile) {
            try FileOwnership.check(path, trusting: StateFile(stateFile).owner)
        } catch {
            throw .unsafe(error)
        }
        do throws(ConfigurationError) {
            let bytes = try ConfigurationError.contents(of: path, shownAs: path.string)
            let file = SettingsFile(bytes: bytes, dialect: .environment)
            guard file.problems.isEmpty else { throw .invalid(file.allProblems(in: path.string)) }
            return file
        } catch {
            throw .environmentFile(error)
        }
    }

    /// What is allowed in `BACKEND_ENV_FILE` and probably not meant.
    package var backendWarnings: [String] {
        guard let path = backends.environmentFile, let file = try? backendEnvironmentFile() else { return [] }
        return file.unexpanded(in: path.string, language)
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
    ///
    /// A byte that can't be read is never replaced by another: the password would be another one, and "wrong" without a word.
    static func firstLine(of path: FilePath) throws(FileFailure) -> String {
        guard let bytes = try DurableFile.contents(of: path) else {
            throw FileFailure(path: path, action: "open", errno: .noSuchFileOrDirectory)
        }
        let mark = SettingsFault.byteOrderMark
        var line = bytes.dropFirst(bytes.starts(with: mark) ? mark.count : 0).prefix { $0 != UInt8(ascii: "\n") }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        guard SettingsFault(encodingOf: bytes) == nil, !line.contains(0),
            let text = String(validating: line, as: UTF8.self)
        else {
            throw FileFailure(
                path: path, action: "read its first line as UTF-8 (see iconv(1))", errno: .illegalByteSequence)
        }
        guard !text.isEmpty else {
            throw FileFailure(path: path, action: "read its first line, which is empty", errno: .noData)
        }
        return text
    }
}
