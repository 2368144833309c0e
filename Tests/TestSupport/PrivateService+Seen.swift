package import Connections
package import Decisions
package import Fleet
import Foundation
package import Host
import Settings
import SystemPackage

/// What is to be seen of a service from outside, found without the program that is tested.
extension PrivateService {
    /// What the running NGINX says that it serves; `nil` where nothing of ours answers.
    package func served() throws -> Set<ServerAddress>? { try live()?.servers }

    /// The same with the generation of the file that NGINX has loaded.
    package func live() throws -> LiveUpstream? {
        let configuration = try Configuration(
            text: "SERVICE=\(name)\nNGINX_STATUS_LISTEN=127.0.0.1:\(nginx.statusPort)\n", path: "t", base: "/",
            environment: [:])
        guard let settings = configuration.loadBalancer,
            case .live(let live) = UpstreamStatus(settings).ask(within: .seconds(5))
        else { return nil }
        return live
    }

    /// The process target's: session leaders that work in this service's folder.
    package func backends() throws -> [ProcessTable.Status] {
        try processesWorking(in: folder).filter(\.isSessionLeader)
    }

    /// The Docker target's, running or not, ours or adopted.
    package func containers() throws -> [DockerContainer] {
        guard case .docker(let docker) = target else { return [] }
        return try docker.engine.containers(
            labelled: ["autoscale.service=\(name)"], before: Deadline(after: .seconds(10)))
    }

    /// Requests through NGINX, one after the other, each on a connection of its own.
    package func ask(_ path: String = "/", times: Int = 1) -> [Int] {
        (0..<times).map { _ in
            let request = HTTPRequest(.get, "http://127.0.0.1:\(nginx.port)\(path)", timeout: .seconds(10))
            let answer = try? CurlClient().send(request)
            return answer?.status ?? 0
        }
    }

    /// Ends every backend, found without what is tested.
    func endBackends() {
        killProcesses(workingIn: folder)
        guard case .docker(let docker) = target, let containers = try? containers() else { return }
        for container in containers {
            try? docker.engine.remove(container.id, name: "it", before: Deadline(after: .seconds(10)))
        }
    }
}
