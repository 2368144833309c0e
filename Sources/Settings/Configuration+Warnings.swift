import Decisions
import Host
package import SystemPackage

extension Configuration {
    /// What is allowed and probably not meant, as sentences.
    package var warnings: [String] {
        var found = overridesOfNothing
        var needsPorts = true
        if let docker = target.docker {
            if docker.image == nil { found.append(.noImage) }
            needsPorts = docker.addressing == .published
        }
        if loadBalancer == nil {
            needsPorts = false
            if !meaninglessKeys.isEmpty { found.append(.meaninglessForWorkers(meaninglessKeys)) }
        }
        if needsPorts, backends.hostPorts.count < scaling.backends.upperBound { found.append(.fewPorts) }
        if !backup.recipients.isEmpty, backup.identityFile == nil { found.append(.noIdentity) }
        return found.map { $0.sentence(in: language) }
    }

    /// What is set and would only be asked where somebody sends requests to backends.
    private var meaninglessKeys: [String] {
        let keys: [ConfigurationKey] =
            ConfigurationSection.loadBalancer.keys + [
                .healthPath, .healthHost, .healthTimeout, .healthRetries, .drainSeconds, .drainTimeout,
                .backendHostPorts, .backendPort, .backendAddress,
            ]
        return entries.filter {
            $0.key != .publisher && keys.contains($0.key) && $0.origin != .fallback && $0.origin != .unset
        }.map(\.key.rawValue)
    }

    /// Lines with a `${NAME}` that nobody fills in, as sentences.
    package var unexpanded: [String] { unexpandedLines.map { $0.sentence(in: language) } }

    /// Files with secrets that everybody on this machine can read, as sentences; said by every run.
    package var exposures: [String] {
        [backends.environmentFile, database.passwordFile, backup.identityFile, backup.drillServer.passwordFile]
            .compactMap(\.self).compactMap { exposure(of: $0) }
    }

    /// What this tool can't guarantee with these settings, as sentences; said by `config check` only.
    package var provisos: [String] {
        guard loadBalancer != nil else { return [ConfigurationWarning.nothingPublished.sentence(in: language)] }
        guard case .docker(let docker) = target, docker.addressing == .network else { return [] }
        return [ConfigurationWarning.reusedAddresses.sentence(in: language)]
    }

    /// `nil` where not everybody can read it.
    package func exposure(of path: FilePath, followingLinks: Bool = false) -> String? {
        guard (try? FileOwnership(of: path, followingLinks: followingLinks))?.isWorldReadable == true else {
            return nil
        }
        return ConfigurationWarning.exposed(path.string).sentence(in: language)
    }
}
