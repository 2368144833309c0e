import Connections
import Host

extension DiscoveryWarning {
    package var english: String {
        switch self {
        case .copiedLabels(let name):
            "\(name) carries the labels of a backend that it is not (from a committed image?): it is not counted "
                + "and left alone; start it with --label \(DockerLabel.service)= to be rid of this line"
        case .unknownState(let name): "\(name) is in a state that is not known, and left alone"
        case .unpublished(let name, let port):
            "\(name) runs and publishes port \(port) nowhere on this host; it is not counted"
        case .onHostNetwork(let name):
            "\(name) has the host's network and no address of its own for NGINX in a container; it is not "
                + "counted: take network_mode: host out, or set BACKEND_ADDRESS=published"
        case .networkNotChosen(let name):
            "\(name) is in more than one network, and none is configured; it is not counted: set BACKEND_NETWORK"
        case .noAddress(let name, let network):
            "\(name) runs and has no address in \(network.map { "network \($0)" } ?? "a network"); it is not counted"
        case .notStartedByUs(let pid, let user, let service):
            "process \(pid) of user \(Self.shown(user, or: "unknown")) carries the variables of \(service) and was not "
                + "started by us: it is left alone"
        case .notToBeSeen(let pid, let user, let program, let errno):
            "process \(pid) runs \(program) and belongs to user \(Self.shown(user, or: "unknown")): it can't be looked "
                + "at (\(errno)); run as that user, or end it"
        case .sameVariables(let pid, let name, let process):
            "process \(pid) carries the variables of \(name) (\(process)) and is not counted"
        case .inBackground(let name, let pid):
            "\(name) runs in the background as process \(pid), which is not the one that was "
                + "started; keep BACKEND_COMMAND in the foreground (no --daemon, no &)"
        case .left(let pid, let name):
            "process \(pid) was left by \(name), which has ended: it is not counted and left alone; end it if "
                + "it is not wanted"
        case .portNotToBeSeen(let name, let pid, let user, let port):
            "\(name) (process \(pid)) belongs to user \(Self.shown(user, or: "unknown")): it counts, and whether port "
                + "\(port) is its own can't be seen; run as that user, or as root"
        case .portHeld(let name, let holder): "\(name): \(holder.english)"
        case .holdersNotToBeSeen(let error): error.english
        }
    }
}
