package import Decisions
import FoundationEssentials
import Host
package import Settings
import SystemPackage

/// `images.json` beside the state file: what `BACKEND_IMAGE` named, run after run. It proves which images of a shared
/// repository were this service's. Deletable at any time: `cleanup` then leaves more of them.
package struct ImageRecord: Codable, Equatable {
    let service: String
    /// As they are configured, the last one last.
    package private(set) var references: [String]

    /// A year of daily builds.
    private static let most = 400

    /// Empty where there is none of this service.
    package static func load(_ service: String, in places: Places) -> ImageRecord {
        guard let bytes = try? DurableFile.contents(of: places.images), bytes.count < 1 << 20,
            let record = try? OutsideJSON.decode(Self.self, from: bytes), record.service == service
        else { return ImageRecord(service: service, references: []) }
        return record
    }

    /// Notes what is configured now; under the monitor's lock. The file is written where that is news.
    static func note(_ reference: String, of service: String, in places: Places) throws(FileFailure) {
        var record = load(service, in: places)
        guard record.references.last != reference else { return }
        record.references = (record.references.filter { $0 != reference } + [reference]).suffix(most)
        try DurableFile.replace(places.images, with: StableJSON.bytes(record, pretty: true))
    }
}

extension DockerTarget: RememberingTarget {
    /// What this service is configured with is its own, for `cleanup`, also when no container is made of it any more.
    package func remember(_ backends: [Backend]) throws(TargetError) {
        guard let image = settings.image, let places = settings.places else { return }
        try rethrow(try ImageRecord.note(image, of: settings.service, in: places), as: TargetError.file)
    }
}
