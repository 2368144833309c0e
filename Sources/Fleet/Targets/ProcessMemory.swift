import Decisions
import FoundationEssentials
import Host
import Synchronization
import SystemPackage

/// Which processes are backends, written down while it can be seen: a program that sets its title overwrites the
/// environment by which it is found, and another user's can't be looked at.
///
/// A hint, checked against the kernel: number, start and boot must be the same. Without the file backends are found by
/// their environment, or by the log that they write.
final class ProcessMemory: Sendable {
    private let path: FilePath
    private let service: String
    /// Several starts at a time change one file.
    private let turn = Mutex(())

    init(path: FilePath, service: String) {
        self.path = path
        self.service = service
    }

    struct Entry: Codable, Equatable {
        let name: String
        let operation: String
        let created: Int
        let port: UInt16?
        /// `pid/start`.
        let process: String

        var identity: ProcessTable.Identity? { ProcessTable.Identity(process) }
    }

    private struct Content: Codable {
        let version: Int
        let service: String
        let boot: String
        let processes: [Entry]
    }

    /// In bytes: as many as a state file may have.
    private static let largest = StateFile.largest

    /// What was written in this boot; nothing where it is unreadable, another service's or a newer version's.
    func entries() -> [Entry] {
        guard let bytes = try? DurableFile.contents(of: path), bytes.count <= Self.largest,
            let content = try? OutsideJSON.decode(Content.self, from: bytes), content.version == 1,
            content.service == service, content.boot == Moment.now().boot
        else { return [] }
        return content.processes.filter {
            Backend.isProcessName($0.name[...]) && Backend.isProcessName($0.operation[...]) && $0.identity != nil
        }
    }

    func replace(with entries: [Entry]) throws(FileFailure) {
        try turn.withLock { _ throws(FileFailure) in try write(entries) }
    }

    func add(_ entry: Entry) throws(FileFailure) {
        try turn.withLock { _ throws(FileFailure) in
            try write(entries().filter { $0.name != entry.name && $0.isRunning } + [entry])
        }
    }

    private func write(_ entries: [Entry]) throws(FileFailure) {
        let sorted = entries.sorted { $0.name < $1.name }
        if sorted.isEmpty, try DurableFile.contents(of: path) == nil { return }
        let content = Content(version: 1, service: service, boot: Moment.now().boot, processes: sorted)
        try DurableFile.replace(path, with: StableJSON.bytes(content, pretty: true))
    }
}

extension ProcessMemory.Entry {
    var isRunning: Bool { identity.map(ProcessTable.isRunning) ?? false }

    /// `nil` for what is no process of this target.
    init?(_ backend: Backend) {
        guard let operation = backend.operation, ProcessTable.Identity(backend.id) != nil else { return nil }
        self.init(
            name: backend.name, operation: operation, created: backend.created, port: backend.address?.port,
            process: backend.id)
    }
}
