package import Connections
package import Decisions
package import Host
package import SystemPackage

/// What people wrote, parsed once into values that can't be wrong.
package struct Configuration: Sendable {
    package enum TargetKind: String, CaseIterable, Sendable {
        case docker
        case process
    }

    /// Which address of a container NGINX uses.
    package enum Addressing: String, CaseIterable, Sendable {
        /// 127.0.0.1 with a published port.
        case published
        /// The container's own address, for an NGINX that is itself a container.
        case network
    }

    /// libpq's business where it is `nil`.
    package struct Database: Sendable {
        package let host: String?
        package let port: UInt16?
        package let name: String?
        package let user: String?
        package let password: Secret?
        package let passwordFile: FilePath?
        package let sslMode: SSLMode?
    }

    /// libpq's `sslmode`.
    package enum SSLMode: String, CaseIterable, Sendable {
        case disable
        case allow
        case prefer
        case require
        case verifyCA = "verify-ca"
        case verifyFull = "verify-full"
    }

    /// How a backend is asked whether it is ready.
    package struct HealthProbe: Sendable {
        package let path: String
        /// The `Host` header; `nil`: the address that is asked.
        package let host: String?
        package let timeout: Duration
        /// Probes in one run, 1 s apart, of a backend that was ready and answers slowly or wrongly.
        package let attempts: Int
    }

    package struct Backends: Sendable {
        package let namePrefix: String
        package let port: UInt16
        package let hostPorts: ClosedRange<UInt16>
        package let addressing: Addressing
        package let image: String?
        package let network: String?
        package let cpus: Double?
        package let memory: Int64?
        package let memoryReservation: Int64?
        package let command: CommandWords?
        package let environmentFile: FilePath?
        package let stopTimeout: Duration
    }

    package struct LoadBalancer: Sendable {
        package let upstreamFile: FilePath
        package let upstreamName: UpstreamConfiguration.Name
        package let testCommand: CommandWords
        package let reloadCommand: CommandWords
        package let status: UpstreamConfiguration.StatusServer
        /// Without a path.
        package let statusURL: String
        package let method: BalancingMethod
        package let keepalive: Int
        package let maxFails: Int
        package let failTimeout: Int
    }

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
    package let target: TargetKind
    package let backends: Backends
    package let docker: DockerAddress?
    package let loadBalancer: LoadBalancer
    package let backup: Backup
    package let cleanup: Cleanup
    package let healthCheck: HealthCheck
    package let alerts: Alerts
    /// The folder that relative paths start from; `logs/` lies in it.
    package let base: FilePath
    package var logFolder: FilePath { base.appending("logs") }
    /// Every effective value with its origin, in the order of the keys.
    package let entries: [ConfigurationEntry]
    /// What is allowed and probably not meant, as sentences.
    package let warnings: [String]

    /// Lines with a `${NAME}` that nobody fills in, as sentences.
    package let unexpanded: [String]
    /// What `LastGoodConfiguration` keeps of the file.
    let alertLines: Secret
    /// On whose word a run acts where root runs it: the file, or its folder, is that user's, as the state folder is.
    package internal(set) var author: UInt32?

    /// Files with secrets that everybody on this machine can read, as sentences; said by every run.
    package var exposures: [String] {
        [backends.environmentFile, database.passwordFile, backup.identityFile, backup.drillServer.passwordFile]
            .compactMap(\.self).compactMap { exposure(of: $0) }
    }

    /// What this tool can't guarantee with these settings, as sentences; said by `config check` only.
    package var provisos: [String] {
        guard target == .docker, backends.addressing == .network else { return [] }
        return [
            language.choose(
                "BACKEND_ADDRESS=network: while backends do not run (a reboot) Docker may give their addresses to other "
                    + "containers, and NGINX sends requests there until the first run. Give each service a Docker network of its "
                    + "own, or a BACKEND_PORT of its own",
                "BACKEND_ADDRESS=network: mientras los backends no funcionan (un reinicio) Docker puede dar sus direcciones a "
                    + "otros contenedores, y NGINX les envía peticiones hasta la primera ejecución. Use una red de Docker propia "
                    + "para cada servicio, o un BACKEND_PORT propio")
        ]
    }

    /// `nil` where not everybody can read it.
    package func exposure(of path: FilePath, followingLinks: Bool = false) -> String? {
        guard (try? FileOwnership(of: path, followingLinks: followingLinks))?.isWorldReadable == true else {
            return nil
        }
        return language.choose(
            "\(path) can be read by everybody; run: chmod o-r \(path)",
            "cualquiera puede leer \(path); ejecute: chmod o-r \(path)")
    }
}
