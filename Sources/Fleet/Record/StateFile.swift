package import Decisions
import FoundationEssentials
package import Host
package import Reporting
package import Settings
package import SystemPackage

/// What we write and read again: only what a run can't discover. Deletable at any time.
package struct State: Equatable, Sendable, Codable {
    static let currentVersion = 1

    package let version: Int
    package let service: String
    package var history: ScalingHistory
    /// What the sources of readings wanted to be remembered when the last run on record asked them.
    package var sources: SourceMemories

    package init(service: String, history: ScalingHistory = .init(), sources: SourceMemories = .init()) {
        version = Self.currentVersion
        self.service = service
        self.history = history
        self.sources = sources
    }
}

extension State {
    private enum Key: String, CodingKey {
        case version
        case service
        case history
        case sources
        /// The memory of `HostLoad`, as it stood here before there were others.
        case cpu
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        version = try fields.decode(Int.self, forKey: .version)
        service = try fields.decode(String.self, forKey: .service)
        history = try fields.decode(ScalingHistory.self, forKey: .history)
        let counters = (try? fields.decode(JSONValue.self, forKey: .cpu)).map { [HostLoad.name: $0] }
        sources = (try? fields.decode(SourceMemories.self, forKey: .sources)) ?? SourceMemories(counters ?? [:])
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Key.self)
        try fields.encode(version, forKey: .version)
        try fields.encode(service, forKey: .service)
        try fields.encode(history, forKey: .history)
        if !sources.isEmpty { try fields.encode(sources, forKey: .sources) }
    }
}

/// The state file, and the places of what lies beside it.
package struct StateFile: Sendable {
    package let places: Places
    package var path: FilePath { places.stateFile }

    package init(_ path: FilePath) { places = Places(stateFile: path) }

    package enum Loaded: Equatable, Sendable {
        /// There is none: the first run.
        case none
        case state(State)
        /// Unreadable; the words say why.
        case broken(String)
    }

    package enum Failure: Error, Equatable, Catalogue {
        /// Written by a newer version of this program: not to be touched.
        case newer(path: String, version: Int)
        case otherService(path: String, service: String)
        /// Its folder has a file of another service.
        case otherServiceInFolder(ForeignFolder)
        case unreadable(FileFailure)
    }

    package var folder: FilePath { places.folder }
    package var lock: FilePath { places.lock }
    package var history: HistoryFolder { HistoryFolder(places.history) }

    /// Refuses files of ours, here and beside the state file, that others could change or that lead elsewhere.
    package func checkOwnership(at now: Moment) throws(UnsafeFile) {
        try FileOwnership.checkFolder(history.path)
        for file in [path, lock, places.processes, history.file(at: WallClock.utc(now.wall))] {
            try FileOwnership.check(file, followsFolderOwner: true)
        }
    }

    package func load(for service: String) throws(Failure) -> Loaded {
        if let refusal = refusal(for: service) { throw refusal }
        let bytes = try rethrow(try DurableFile.contents(of: path), as: Failure.unreadable)
        return if let bytes { try read(bytes, for: service) } else { .none }
    }

    package static let largest = Places.largestState

    /// What the bytes of the file say.
    package func read(_ bytes: [UInt8], for service: String) throws(Failure) -> Loaded {
        guard bytes.count <= Self.largest else {
            return .broken("it has \(bytes.count) bytes, and no state has more than \(Self.largest >> 20) MiB")
        }
        let content: Content
        do {
            content = try OutsideJSON.decode(Content.self, from: bytes)
        } catch {
            return .broken(Self.sentence(for: error))
        }
        if content.version > State.currentVersion { throw .newer(path: path.string, version: content.version) }
        if let owner = content.service, owner != service { throw .otherService(path: path.string, service: owner) }
        do {
            return .state(try content.state.get())
        } catch {
            return .broken(Self.sentence(for: error))
        }
    }

    /// Whose the file is and of which version says it also where the rest is not what we know.
    private struct Content: Decodable {
        let version: Int
        let service: String?
        let state: Result<State, any Error>

        private enum Key: String, CodingKey {
            case version
            case service
        }

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: Key.self)
            version = try fields.decode(Int.self, forKey: .version)
            service = try fields.decodeIfPresent(String.self, forKey: .service)
            state = Result { try State(from: decoder) }
        }
    }

    /// Renames a broken file, so that it can be looked at and is in nobody's way. Two of the same second get different
    /// names.
    /// - Returns: its new place.
    package func setAside(at now: Moment) throws(FileFailure) -> FilePath {
        let file = path.lastComponent?.string ?? ""
        var number = 1
        while true {
            let aside = folder.appending(SetAsideName(of: file, at: now.wall, number: number).description)
            do throws(FileFailure) {
                try DurableFile.move(path, to: aside)
                return aside
            } catch {
                guard error.errno == .fileExists else { throw error }
                number += 1
            }
        }
    }

    /// Removes what a run that was killed while it saved left behind.
    package func sweep() {
        for file in [path, places.processes] { DurableFile.sweep(beside: file) }
    }

    /// Durable when it returns; the same bytes are not written again.
    package func save(_ state: State) throws(FileFailure) {
        try DurableFile.replace(path, with: StableJSON.bytes(state, pretty: true))
    }

    private static func sentence(for error: any Error) -> String {
        switch error as? DecodingError {
        case .dataCorrupted(let context): context.debugDescription
        case .keyNotFound(let key, _): "'\(key.stringValue)' is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "'\(context.codingPath.map(\.stringValue).joined(separator: "."))' is not what it should be"
        default: "not JSON"
        }
    }
}
