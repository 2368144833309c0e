import Decisions
import Host

extension ConfigurationError {
    var english: String {
        switch self {
        case .absent(let path): "\(path): there is no such file".escapingControls()
        case .noneFound(let places):
            "no configuration file; looked for \(places.joined(separator: " and ")). Name one with --config FILE or $AUTOSCALE_CONFIG"
                .escapingControls()
        case .unreadable(let path, let detail): "\(path): \(detail)".escapingControls()
        case .notPermitted(let path, let access): access.sentence(path, in: .english).escapingControls()
        case .unsafe(let file): file.sentence(in: .english).escapingControls()
        case .invalid(let problems): problems.map { $0.sentence(in: .english) }.joined(separator: "\n")
        }
    }
}
