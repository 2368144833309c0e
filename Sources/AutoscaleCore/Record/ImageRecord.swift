import FoundationEssentials
import SystemPackage

/// `images.json` beside the state file: what `BACKEND_IMAGE` named, run after run. It proves which images of a shared
/// repository were this service's. Deletable at any time: `cleanup` then leaves more of them.
struct ImageRecord: Codable, Equatable {
    let service: String
    /// As they are configured, the last one last.
    private(set) var references: [String]

    /// A year of daily builds.
    private static let most = 400

    static func path(in stateFolder: FilePath) -> FilePath { stateFolder.appending("images.json") }

    /// Empty where there is none of this service.
    static func load(_ service: String, in stateFolder: FilePath) -> ImageRecord {
        guard let bytes = try? DurableFile.contents(of: path(in: stateFolder)), bytes.count < 1 << 20,
            let record = try? OutsideJSON.decode(Self.self, from: bytes), record.service == service
        else { return ImageRecord(service: service, references: []) }
        return record
    }

    /// Notes what is configured now; under the monitor's lock. The file is written where that is news.
    static func note(_ reference: String, of service: String, in stateFolder: FilePath) throws(FileFailure) {
        var record = load(service, in: stateFolder)
        guard record.references.last != reference else { return }
        record.references = (record.references.filter { $0 != reference } + [reference]).suffix(most)
        try DurableFile.replace(path(in: stateFolder), with: StableJSON.bytes(record, pretty: true))
    }
}
