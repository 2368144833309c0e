import Connections
import Decisions
import Host
package import Settings
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
        switch purpose {
        case .looking: makeTarget(environment: [:], noting: nil)
        case .acting: makeTarget(environment: try backendEnvironment(), noting: places)
        }
    }

    private func makeTarget(environment: [String: String], noting places: Places?) -> any ScalingTarget {
        switch target {
        case .docker(let docker):
            return DockerTarget(
                .init(
                    service: service, image: docker.image, network: docker.network, backendPort: docker.port,
                    hostPorts: backends.hostPorts,
                    addressing: addressing(docker),
                    cpus: docker.cpus, memoryBytes: docker.memory,
                    memoryReservationBytes: docker.memoryReservation, environment: environment,
                    places: places, stopTimeout: backends.stopTimeout),
                engine: DockerEngine(docker.host))
        case .process(let process):
            return ProcessTarget(
                .init(
                    service: service, command: process.command, environment: environment,
                    hostPorts: loadBalancer == nil ? nil : backends.hostPorts, namePrefix: backends.namePrefix,
                    logFolder: logFolder, stateFile: stateFile,
                    workingDirectory: base, stopTimeout: backends.stopTimeout))
        }
    }

    private func addressing(_ docker: DockerSettings) -> DockerTarget.Settings.Addressing {
        guard loadBalancer != nil else { return .none }
        return docker.addressing == .published ? .published : .network
    }

    /// What its target leaves behind, and where.
    package var leftovers: Leftovers { makeTarget(environment: [:], noting: nil).leftovers }

    /// What `BACKEND_ENV_FILE` says, read as strictly as the configuration.
    private func backendEnvironment() throws(RunFailure) -> [String: String] {
        guard let file = try backendEnvironmentFile() else { return [:] }
        return Dictionary(uniqueKeysWithValues: file.lines.map { ($0.key, $0.value) })
    }

    /// The file itself, checked and without a problem; `nil` where none is set.
    ///
    /// Its owner may also be the state folder's where root runs: backends run as that user, and nothing of it is run here.
    package func backendEnvironmentFile() throws(RunFailure) -> SettingsFile? {
        guard let path = backends.environmentFile else { return nil }
        try rethrow(try FileOwnership.check(path, trusting: places.owner), as: RunFailure.unsafe)
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
        return file.unexpanded(in: path.string).map { $0.sentence(in: language) }
    }
}
