import Decisions
import Host
import Settings
import SystemPackage

/// Whether the file and the status address are ours to take.
extension UpstreamFile {
    /// What the running NGINX says; an answer without a service's name is ours where it carries the generation of a file
    /// that we wrote.
    func ask(within timeout: Duration) -> UpstreamStatus.Answer {
        let answer = status.ask(within: timeout)
        guard case .unnamed(let live) = answer else { return answer }
        let line = Array("\n# generation \(live.generation)\n".utf8)
        return files.contains { $0.firstRange(of: line) != nil } ? .live(live) : answer
    }

    /// Refuses a file that holds anything but one upstream of our name, because it is replaced as a whole.
    ///
    /// In a file of ours, a status server is ours, too, and so is an upstream by the name of before.
    package func checkPlace() throws(PublishFailure) {
        guard let present = try contents() else { return }
        let statements = NGINXStatements(present)
        let isOurs = isOurs(present)
        var found = statements.top.first { statement in
            switch statement.words.first {
            case "upstream": isOurs ? false : statement.words.dropFirst() != [settings.upstreamName.description]
            case "server": !(isOurs && statement.isStatusServer)
            default: true
            }
        }?.summary
        // Half a file of ours is made whole; of somebody else's, nobody knows what it was to be.
        if found == nil, !isOurs, let fault = statements.fault { found = fault }
        if found == nil, statements.top.count(where: { $0.words.first == "upstream" }) > 1 {
            found = "upstream, upstream"
        }
        guard let found else { return }
        throw .foreignContents(
            path: path.string, upstream: settings.upstreamName.description, found: found.escapingControls())
    }

    /// Refuses a status address where something answers that is not ours and was there before us. It would lose the
    /// address to us: NGINX prefers the `listen` that names it most precisely.
    func checkAddress(_ answer: UpstreamStatus.Answer) throws(PublishFailure) {
        switch answer {
        case .live, .unnamed, .otherService, .refused, .dropped, .silent: return
        case .foreign where wasLoadedHere: return
        case .foreign, .notPlainHTTP: throw .addressTaken(url: settings.statusURL, saw: answer)
        }
    }

    /// Whether a file of ours with this status address was in use: it is on its place, or NGINX has confirmed it.
    private var wasLoadedHere: Bool {
        let line = Array("\n    listen \(settings.status.listen);\n".utf8)
        return files.contains { $0.firstRange(of: line) != nil }
    }

    /// Those that we wrote, of the generated one and the last good one; one that can't be read counts as none.
    private var files: [[UInt8]] {
        [path, lastGood].compactMap { file in
            (try? contents(of: file)).flatMap { isOurs($0) ? $0 : nil }
        }
    }
}

extension UpstreamFile {
    /// The upstream file or the status address is somebody else's; an NGINX that is away shows nothing.
    package func obstacle(within timeout: Duration) -> PublishFailure? {
        do throws(PublishFailure) {
            try checkPlace()
            try checkAddress(ask(within: timeout))
            return nil
        } catch {
            return error.isObstacle ? error : nil
        }
    }
}

extension PublishFailure {
    /// Whether it lies in what was configured: a file that this user may not read is a run's business.
    fileprivate var isObstacle: Bool {
        switch self {
        case .foreignContents, .addressTaken: true
        default: false
        }
    }
}

extension NGINXStatements.Statement {
    /// The server of a generated file.
    fileprivate var isStatusServer: Bool {
        block.contains { $0.words.count == 2 && $0.words[0] == "server_name" && $0.words[1].hasSuffix(".autoscale") }
    }

    /// What to look for in the file: `server shop.example`, `upstream other`, `map $a $b`.
    fileprivate var summary: String {
        let name =
            ["server_name", "listen"].lazy.compactMap { word in block.first { $0.words.first == word } }.first?.words
            ?? []
        return String((words + (words == ["server"] ? name : [])).joined(separator: " ").prefix(80))
    }
}
