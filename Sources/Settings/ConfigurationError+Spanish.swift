import Decisions
import Host

extension ConfigurationError {
    var spanish: String {
        switch self {
        case .absent(let path): "\(path): no existe ese archivo".escapingControls()
        case .noneFound(let places):
            "no hay archivo de configuración; se buscó \(places.joined(separator: " y ")). Nombre uno con --config ARCHIVO o $AUTOSCALE_CONFIG"
                .escapingControls()
        case .unreadable(let path, let detail): "\(path): \(detail)".escapingControls()
        case .notPermitted(let path, let access): access.sentence(path, in: .spanish).escapingControls()
        case .unsafe(let file): file.sentence(in: .spanish).escapingControls()
        case .invalid(let problems): problems.map { $0.sentence(in: .spanish) }.joined(separator: "\n")
        }
    }
}
