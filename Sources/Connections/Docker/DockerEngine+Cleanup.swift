import FoundationEssentials
package import Host

/// What came of a removal. None of them is ever forced.
package enum DockerRemoval: Equatable, Sendable {
    case removed
    /// It was not there any more (404).
    case gone
    /// Somebody uses it (409); the words are Docker's.
    case inUse(String)
}

extension DockerEngine {
    /// In bytes, of containers, images or volumes.
    package static let largestInventory = 16 << 20
    /// In bytes, of what takes how much room.
    package static let largestUsage = 64 << 20

    /// All containers, running or not.
    package func containerUses(before deadline: Deadline) throws(DockerFailure) -> [DockerContainerUse] {
        try list([DockerContainerUse].self, "/containers/json?all=1", action: "list the containers", before: deadline)
    }

    /// Since when a container does nothing; `nil` where it is gone.
    package func idleTime(of id: ContainerID, before deadline: Deadline) throws(DockerFailure) -> DockerIdleTime? {
        // With its size, for which the engine adds up all of its files.
        try find(
            DockerIdleTime.self, "/containers/\(id.text)/json?size=1", action: "look at a container",
            timeout: .seconds(15), before: deadline)
    }

    package func images(before deadline: Deadline) throws(DockerFailure) -> [DockerImage] {
        try list([DockerImage].self, "/images/json", action: "list the images", before: deadline)
    }

    /// The id that a name leads to, and when the image last got a name here; `nil` where it leads nowhere.
    package func image(
        _ name: String, before deadline: Deadline
    ) throws(DockerFailure) -> DockerImageInspection? {
        try find(
            DockerImageInspection.self, "/images/\(name.escapedForURL)/json", action: "look at the image \(name)",
            timeout: .seconds(5), before: deadline)
    }

    package func volumes(before deadline: Deadline) throws(DockerFailure) -> [DockerVolume] {
        try list(DockerVolumes.self, "/volumes", action: "list the volumes", before: deadline).volumes ?? []
    }

    /// Adds up every file that Docker holds: takes as long as that does.
    package func usage(before deadline: Deadline) throws(DockerFailure) -> DockerUsage {
        var call = Call(action: "ask Docker what takes how much room", path: "/system/df", timeout: .seconds(120))
        call.largestAnswer = Self.largestUsage
        return try decode(DockerUsage.self, from: try ask(call, before: deadline), action: call.action)
    }

    /// The engine's own folder, on its host.
    package func rootFolder(before deadline: Deadline) throws(DockerFailure) -> String {
        struct Information: Decodable {
            let rootFolder: String

            enum CodingKeys: String, CodingKey {
                case rootFolder = "DockerRootDir"
            }
        }
        return try list(Information.self, "/info", action: "ask Docker for its folder", before: deadline).rootFolder
    }

    /// One that runs stays (409).
    /// - Parameter withVolumes: the anonymous ones that it alone uses.
    package func removeStopped(
        _ id: ContainerID, name: String, withVolumes: Bool, before deadline: Deadline
    ) throws(DockerFailure) -> DockerRemoval {
        try remove(
            "/containers/\(id.text)?v=\(withVolumes ? 1 : 0)", action: "remove \(name)", timeout: .seconds(30),
            before: deadline)
    }

    /// - Parameter reference: a name, of which the last one takes the image with it, or an id.
    package func removeImage(_ reference: String, before deadline: Deadline) throws(DockerFailure) -> DockerRemoval {
        try remove(
            "/images/\(reference.escapedForURL)", action: "remove the image \(reference)", timeout: .seconds(60),
            before: deadline)
    }

    package func removeVolume(_ name: String, before deadline: Deadline) throws(DockerFailure) -> DockerRemoval {
        try remove(
            "/volumes/\(name.escapedForURL)", action: "remove the volume \(name)", timeout: .seconds(60),
            before: deadline)
    }

    /// Removes what no build has used for so long.
    /// - Returns: the bytes that are free again.
    package func pruneBuildCache(unusedFor seconds: Int, before deadline: Deadline) throws(DockerFailure) -> Int {
        struct Pruned: Decodable {
            let bytes: Int?

            enum CodingKeys: String, CodingKey {
                case bytes = "SpaceReclaimed"
            }
        }
        let action = "remove build cache"
        let filters = String(decoding: try json(["until": ["\(seconds)s"]], action: action), as: UTF8.self)
        let path = "/build/prune?all=1&filters=\(filters.escapedForURL)"
        let response = try ask(Call(.post, action: action, path: path, timeout: .seconds(120)), before: deadline)
        return max(0, try decode(Pruned.self, from: response, action: action).bytes ?? 0)
    }

    private func list<Message: Decodable>(
        _ type: Message.Type, _ path: String, action: String, before deadline: Deadline
    ) throws(DockerFailure) -> Message {
        var call = Call(action: action, path: path, timeout: .seconds(10))
        call.largestAnswer = Self.largestInventory
        return try decode(type, from: try ask(call, before: deadline), action: action)
    }

    private func remove(
        _ path: String, action: String, timeout: Duration, before deadline: Deadline
    ) throws(DockerFailure) -> DockerRemoval {
        let call = Call(.delete, action: action, path: path, timeout: timeout, accepted: [404, 409])
        let response = try ask(call, before: deadline)
        return switch response.status {
        case 404: .gone
        case 409: .inUse(response.refusal)
        default: .removed
        }
    }
}
