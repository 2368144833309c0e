import Connections
import Decisions
package import SystemPackage

extension ConfigurationSection {
    static let backends = ConfigurationSection(
        Words("Where backends live", "Dónde viven los backends"),
        keys: [.target, .backendName, .backendHostPorts, .backendEnvironmentFile]
            + DockerSettings.keys + ProcessSettings.keys)
}

extension ConfigurationKey {
    static let target = Key<Configuration.TargetKind>(
        "TARGET", .choice, default: "docker",
        "Containers, or plain processes of this host.",
        "Contenedores, o procesos de este host.")
    static let backendName = Key(
        "BACKEND_NAME", .backendName, follows: .service, Configuration.standardName, example: "app_backend",
        "Names become `<BACKEND_NAME>_<unix time>`. Unset: `<SERVICE>_backend`.",
        "Los nombres serán `<BACKEND_NAME>_<tiempo unix>`. Sin definir: `<SERVICE>_backend`.")
    static let backendHostPorts = Key(
        "BACKEND_HOST_PORTS", .ports, default: "3000-3099",
        "docker: published on 127.0.0.1. process: each backend gets one as `PORT`. Services may share the range. At least `MAX_BACKENDS` and one more for a drain.",
        "docker: se publican en 127.0.0.1. process: cada backend recibe uno como `PORT`. Los servicios pueden compartir el rango. Al menos `MAX_BACKENDS` y uno más para un drenaje."
    )
    static let backendEnvironmentFile = Key(
        "BACKEND_ENV_FILE", .path, example: "/opt/chat/.env",
        "Environment of the backends, read like this file: `KEY=VALUE`, nothing expanded. Readable by nobody else: `chmod 600`.",
        "Entorno de los backends, se lee como este archivo: `CLAVE=VALOR`, nada se expande. Que nadie más pueda leerlo: `chmod 600`."
    )
}

extension Configuration {
    /// What `TARGET` names.
    package enum TargetKind: String, CaseIterable, Sendable {
        case docker
        case process
    }

    /// Where backends live, with the settings that only this kind of target has.
    package enum Target: Sendable {
        case docker(DockerSettings)
        case process(ProcessSettings)

        /// `nil` where backends are no containers.
        package var docker: DockerSettings? {
            guard case .docker(let settings) = self else { return nil }
            return settings
        }
    }

    /// What backends have in common, wherever they live.
    package struct Backends: Sendable {
        package let namePrefix: String
        package let hostPorts: ClosedRange<UInt16>
        package let environmentFile: FilePath?
        package let stopTimeout: Duration
    }

    /// What backends and the upstream of a service are called where nothing else is said.
    @Sendable static func standardName(of service: String) -> String { "\(service)_backend" }

    static func backends(_ reader: inout ConfigurationReader) -> Backends {
        Backends(
            namePrefix: reader[.backendName], hostPorts: reader[.backendHostPorts],
            environmentFile: reader[.backendEnvironmentFile], stopTimeout: reader[.stopTimeout])
    }

    /// - Returns: `nil` after a problem.
    static func target(_ reader: inout ConfigurationReader, docker: DockerSettings) -> Target? {
        let process = ProcessSettings(&reader)
        switch reader[.target] {
        case .docker: return .docker(docker)
        case .process:
            if process == nil { reader.contradiction(.processWithoutCommand) }
            return process.map(Target.process)
        }
    }
}
