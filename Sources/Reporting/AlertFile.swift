package import Decisions
package import Host
package import Settings
package import SystemPackage

/// `alerts.json` beside the state file: who was told what. Several commands write it, each under its lock.
///
/// Deletable at any time: what lasts is then told once more.
package struct AlertFile: Sendable {
    package let path: FilePath
    package let lock: FilePath

    package init(_ places: Places) {
        path = places.alerts
        lock = places.alertsLock
    }

    /// Waits for another command that is telling somebody.
    package func lock(before deadline: Deadline) async throws(RunLock.Failure) -> RunLock {
        try rethrow(
            try DurableFile.makeFolder(path.removingLastComponent(), mode: .ownerReadWriteExecute),
            as: RunLock.Failure.unusable)
        return try await RunLock.waiting(for: lock, before: deadline)
    }

    /// In bytes: a thousand times what a bad night writes.
    package static let largest = 4 << 20

    /// One that can't be read counts as none: the worst that can come of it is an alert that comes twice.
    package func load() throws(FileFailure) -> AlertBook {
        try DurableFile.contents(of: path).map { Self.book(in: $0) } ?? AlertBook()
    }

    package static func book(in bytes: [UInt8]) -> AlertBook {
        guard bytes.count <= largest else { return AlertBook() }
        return (try? OutsideJSON.decode(AlertBook.self, from: bytes)) ?? AlertBook()
    }

    package func save(_ book: AlertBook) throws(FileFailure) {
        if book.isEmpty {
            guard try DurableFile.contents(of: path) != nil else { return }
            try DurableFile.remove(path)
        } else {
            try DurableFile.replace(path, with: StableJSON.bytes(book, pretty: true))
        }
    }
}
