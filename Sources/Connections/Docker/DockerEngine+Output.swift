import Decisions
package import Host

/// What is left of a container that ended.
extension DockerEngine {
    package struct Ending: Sendable {
        /// `nil` while it runs.
        package let exitStatus: Int?
        package let isOutOfMemory: Bool
    }

    /// `nil` where it is gone.
    ///
    /// A restart policy may have started it again by now: then how it ended stands in the engine's events alone.
    package func ending(of id: ContainerID, before deadline: Deadline) throws(DockerFailure) -> Ending? {
        guard let state = try inspection(of: id, before: deadline)?.state else { return nil }
        let runsAgain = state.isRunning && state.isRestarting != true
        return Ending(
            exitStatus: runsAgain ? try lastExitStatus(of: id, before: deadline) : state.exitCode,
            isOutOfMemory: state.isOutOfMemory ?? false)
    }

    private struct Event: Decodable {
        struct Actor: Decodable {
            let attributes: [String: String]

            enum CodingKeys: String, CodingKey {
                case attributes = "Attributes"
            }
        }

        let actor: Actor

        enum CodingKeys: String, CodingKey {
            case actor = "Actor"
        }
    }

    /// Of the last time that it ended, in the last hour; the engine remembers 256 events. One JSON text follows the other.
    private func lastExitStatus(of id: ContainerID, before deadline: Deadline) throws(DockerFailure) -> Int? {
        let action = "ask how a container ended"
        let filters = ["container": [id.text], "event": ["die"]]
        // Whole seconds: up to the end of this one, which the engine waits for.
        let now = Moment.now().wall
        let query = String(decoding: try json(filters, action: action), as: UTF8.self).escapedForURL
        let path = "/events?since=\(now - 3600)&until=\(now + 1)&filters=\(query)"
        let answer = try ask(Call(action: action, path: path, timeout: .seconds(2)), before: deadline)
        var last: ArraySlice<UInt8>?
        for line in answer.body.pieces(separatedBy: { $0 == UInt8(ascii: "\n") }) { last = line }
        let event = last.flatMap { try? OutsideJSON.decode(Event.self, from: $0) }
        return event?.actor.attributes["exitCode"].flatMap { Int($0) }
    }

    /// The last lines that it wrote, to both of its outputs, as far as the log driver keeps them.
    package func output(of id: ContainerID, lines: Int, before deadline: Deadline) throws(DockerFailure) -> String {
        let path = "/containers/\(id.text)/logs?stdout=1&stderr=1&tail=\(lines)"
        let call = Call(action: "read the log of a container", path: path, timeout: .seconds(2), accepted: [404])
        let answer = try ask(call, before: deadline)
        guard answer.status == 200 else { return "" }
        return String(decoding: Self.unframed(answer.body), as: UTF8.self)
    }

    /// Without a terminal each piece is led by 8 bytes: 1 or 2 for the output, three zeros, the length, big-endian
    /// (Engine API, ContainerAttach). With one there is the text alone.
    static func unframed(_ body: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        var rest = body[...]
        while rest.count >= 8 {
            let head = Array(rest.prefix(8))
            guard head[0] <= 2, head[1...3].allSatisfy({ $0 == 0 }) else { return text.isEmpty ? body : text }
            let length = head[4...].reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(8)
            text += rest.prefix(length)
            rest = rest.dropFirst(length)
        }
        return text.isEmpty ? body : text
    }
}
