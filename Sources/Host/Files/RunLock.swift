import Glibc
package import SystemPackage

/// One run at a time: flock(2) on a file that is never deleted, so that a killed run leaves nothing behind to clear.
package struct RunLock: ~Copyable {
    private let file: FileDescriptor

    package enum Failure: Error, Equatable {
        /// Another run holds it.
        case held(path: String)
        case unusable(FileFailure)
    }

    /// Takes the lock without waiting.
    package init(_ path: FilePath) throws(Failure) {
        DurableFile.makeOwned(path, mode: .ownerReadWrite)
        let opened: FileDescriptor
        do {
            opened = try FileDescriptor.open(
                path, .readWrite, options: [.create, .closeOnExec, .noFollow, .nonBlocking],
                permissions: .ownerReadWrite)
        } catch {
            throw .unusable(FileFailure(path: path, action: "open", errno: error as? Errno ?? .ioError))
        }
        do throws(Errno) {
            try DurableFile.claim(opened, in: path.removingLastComponent(), mode: .ownerReadWrite)
        } catch {
            try? opened.close()
            throw .unusable(FileFailure(path: path, action: "chmod", errno: error))
        }
        guard flock(opened.rawValue, LOCK_EX | LOCK_NB) == 0 else {
            let reason = Errno(rawValue: errno)
            try? opened.close()
            if reason == .wouldBlock { throw .held(path: path.string) }
            throw .unusable(FileFailure(path: path, action: "flock", errno: reason))
        }
        file = opened
    }

    /// Takes the lock of a folder itself, which leaves no file in it. Some network file systems lock only what is open for
    /// writing, which no folder is: there it is a file in it, `.lock`.
    package init(folder path: FilePath) throws(Failure) {
        let opened: FileDescriptor
        do {
            opened = try FileDescriptor.open(path, .readOnly, options: [.directory, .closeOnExec])
        } catch {
            throw .unusable(FileFailure(path: path, action: "open", errno: error as? Errno ?? .ioError))
        }
        guard flock(opened.rawValue, LOCK_EX | LOCK_NB) == 0 else {
            let reason = Errno(rawValue: errno)
            try? opened.close()
            if reason == .wouldBlock { throw .held(path: path.string) }
            self = try RunLock(path.appending(".lock"))
            return
        }
        file = opened
    }

    /// Takes the lock as soon as it is free.
    /// - Parameters:
    ///   - isFolder: whether it is the lock of a folder.
    ///   - isWanted: asked before each try but the first.
    /// - Throws: `.held` when the deadline is over, or when it is wanted no longer.
    package static func waiting(
        for path: FilePath, isFolder: Bool = false, before deadline: Deadline, while isWanted: () -> Bool = { true }
    ) async throws(Failure) -> RunLock {
        while true {
            do throws(Failure) {
                return isFolder ? try RunLock(folder: path) : try RunLock(path)
            } catch {
                guard case .held = error, !deadline.isOver else { throw error }
            }
            try? await Task.sleep(for: .milliseconds(20))
            guard isWanted() else { throw .held(path: path.string) }
        }
    }

    /// Whether somebody holds it, seen without keeping it from anybody: flock(2) is let go of at once.
    package static func isHeld(_ path: FilePath) -> Bool {
        guard let file = try? FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .noFollow]) else {
            return false
        }
        defer { try? file.close() }
        return flock(file.rawValue, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
    }

    /// The same of the lock of a folder.
    package static func isHeld(folder path: FilePath) -> Bool { isHeld(path) || isHeld(path.appending(".lock")) }

    /// Held until here: its end says so where nothing else needs it.
    package func release() { withExtendedLifetime(self) {} }

    /// For a child that is to hold the lock as well: it is free when the last of them has ended.
    package var descriptor: FileDescriptor { file }

    deinit { try? file.close() }
}
