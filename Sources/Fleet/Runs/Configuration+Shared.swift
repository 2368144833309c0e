import Decisions
import Host
package import Settings
import SystemPackage

extension Configuration {
    /// What this configuration and another one on this host both claim for themselves, as sentences; each is an error.
    ///
    /// A state folder that has this service's files already is this service's: the other one is told.
    package var conflicts: [String] {
        let state = StateFile(stateFile)
        var sentences: [String] = []
        do throws(StateFile.Failure) {
            try state.claim(for: service)
        } catch {
            sentences.append(error.sentence(in: language))
        }
        let isOurs = (try? DurableFile.contents(of: stateFile)) != nil
        for other in NeighbourConfiguration.all(beside: self).known {
            sentences += conflicts(with: other, isOurs: isOurs)
        }
        return sentences.map { $0.escapingControls() }
    }

    /// What two services had better not share, as sentences.
    package var overlaps: [String] {
        guard !leftovers.folders.isEmpty else { return [] }
        let name = backends.namePrefix
        let others = NeighbourConfiguration.all(beside: self).known.filter {
            $0.backendName == name && $0.service != service
        }
        return others.map { other in
            language.choose(
                "BACKEND_NAME: \(name) is named by \(other.path), too (service \(other.service)): backends and their logs are named after it; give each service a name of its own",
                "BACKEND_NAME: \(name) también está en \(other.path) (servicio \(other.service)): los backends y sus registros se llaman así; dé a cada servicio un nombre propio"
            ).escapingControls()
        }
    }

    private func conflicts(with other: NeighbourConfiguration, isOurs: Bool) -> [String] {
        var sentences: [String] = []
        func add(_ key: String, _ value: String, _ english: String, _ spanish: String) {
            sentences.append(
                language.choose(
                    "\(key): \(value) is named by \(other.path), too (service \(other.service)): \(english)",
                    "\(key): \(value) también está en \(other.path) (servicio \(other.service)): \(spanish)"))
        }
        let folder = stateFile.removingLastComponent()
        if other.service == service {
            add(
                "SERVICE", service,
                "backends and scratch databases are found by it; give each service a name of its own",
                "los backends y las bases temporales se encuentran por él; dé a cada servicio un nombre propio")
        }
        if other.stateFile.removingLastComponent() == folder, !isOurs {
            add(
                "STATE_FILE", "the folder \(folder)",
                "history, alerts and locks lie in it; give each service a folder of its own, such as state/\(service)/autoscale.json",
                "contiene historial, alertas y bloqueos; dé a cada servicio una carpeta propia, como state/\(service)/autoscale.json"
            )
        }
        if let loadBalancer, other.upstreamFile == loadBalancer.upstreamFile {
            add(
                "NGINX_UPSTREAM_FILE", "\(loadBalancer.upstreamFile)",
                "each service replaces it whole; give each a file of its own, such as nginx/\(service).conf",
                "cada servicio lo reemplaza entero; dé a cada uno un archivo propio, como nginx/\(service).conf")
        }
        return sentences
    }
}
