package import Connections
package import Decisions
import Host
package import SystemPackage

/// What people wrote, parsed once into values that can't be wrong.
package struct Configuration: Sendable {
    /// The file this was read from, as it was named.
    package let path: FilePath
    package let service: String
    package let language: Language
    package let stateFile: FilePath
    package let metrics: [Metric]
    package let scaling: ScalingPolicy
    package let repairs: RepairPolicy
    package let connectionsQuery: String?
    package let database: Database
    package let readyWait: Duration
    package let probe: HealthProbe
    package let target: Target
    package let backends: Backends
    /// The Docker Engine, wherever backends live.
    let dockerHost: DockerAddress
    /// `nil` where nobody sends requests to backends.
    package let loadBalancer: LoadBalancer?
    package let backup: Backup
    package let cleanup: Cleanup
    package let healthCheck: HealthCheck
    package let alerts: Alerts
    /// The folder that relative paths start from.
    package let base: FilePath
    /// Every effective value with its origin, in the order of the keys.
    package let entries: [ConfigurationEntry]

    let unexpandedLines: [ConfigurationWarning]
    let overridesOfNothing: [ConfigurationWarning]
    /// What `LastGoodConfiguration` keeps of the file.
    let alertLines: Secret
    /// On whose word a run acts where root runs it: the file, or its folder, is that user's, as the state folder is.
    package internal(set) var author: UInt32?

    /// The Docker Engine that backends or `cleanup` are concerned with; `nil`: nobody asks one.
    package var docker: DockerAddress? {
        target.docker != nil || cleanup.policy.wantsDocker ? dockerHost : nil
    }
}
