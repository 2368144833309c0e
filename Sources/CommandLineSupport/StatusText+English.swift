import Decisions

extension StatusText {
    var english: String {
        switch self {
        case .title: "=== Autoscaling Status ==="
        case .activeBackends(let count): "Active backends: \(count.map(String.init) ?? "n/a")"
        case .lastUpdated(let time): "Last updated: \(time ?? "never")"
        case .lastRun(let time): "Last run: \(time)"
        case .problem(let sentence): "Problem: \(sentence)"
        case .nothingPublished: "Nothing is published to NGINX (PUBLISHER=none)"
        case .nginxShows(let words): "NGINX shows \(words)"
        case .warning(let sentence): "Warning: \(sentence)"
        case .unjudged: "not in METRICS, so it is not judged"
        case .limits(let band): "limits \(band)"
        case .limitsPerBackend(let band): "limits \(band) per backend"
        case .share(let value, let backends, let judged, let band):
            "\(value) in all on \(backends == 1 ? "1 backend" : "\(backends) backends") = \(judged) per backend, limits \(band)"
        case .inNGINX: "in NGINX"
        case .adopted: "adopted"
        case .decision(let verdict, let reason): "Decision: \(verdict?.english ?? "none") (\(reason))"
        case .atMinimum(let limit): "At the minimum: \(limit)"
        case .heldBack(let limit): "Held back: \(limit)"
        case .exitStatus(let code): "Exit status: \(code)"
        case .never: "There was no run yet."
        case .plan: "Plan:"
        case .publishes: "write, test and reload NGINX"
        case .publishesWhenReady: "when it is ready: write, test and reload NGINX"
        case .nothingToDo: "nothing to do"
        case .nginxTrouble(let words):
            "NGINX shows \(words).\nThat is so before the first run; else look whether NGINX runs. A real run reloads it "
                + "first,\nand ends there if that fails."
        case .upstreamFile: "Upstream file:"
        }
    }
}
