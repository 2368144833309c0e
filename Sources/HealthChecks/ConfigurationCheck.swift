import Backups
import Connections
import Decisions
import Fleet
import FoundationEssentials
import Glibc
import Host
package import Reporting
package import Settings
import SystemPackage

/// What a run of `monitor`, `backup` or `cleanup` would refuse besides the file itself, as the user who asks: every file
/// and folder that the configuration names, the files of another service, an address that something else has, and a store
/// without credentials. Neither the database nor the store is asked.
package struct ConfigurationCheck: Sendable {
    private let configuration: Configuration

    package init(_ configuration: Configuration) { self.configuration = configuration }

    /// One thing that is wrong.
    package struct Refusal: Equatable, Sendable {
        package let sentence: String
        package let status: ExitStatus
    }

    /// All of them; none twice.
    package func refusals() -> [Refusal] {
        var found: [Refusal] = []
        func note(_ sentence: String, _ status: ExitStatus) {
            let refusal = Refusal(sentence: sentence, status: status)
            if !found.contains(refusal) { found.append(refusal) }
        }
        func note(_ failure: RunFailure) { note(failure.sentence(in: configuration.language), ExitStatus(failure)) }
        func note(_ failure: BackupFailure) { note(failure.sentence(in: configuration.language), ExitStatus(failure)) }
        func attempt(_ body: () throws(RunFailure) -> Void) {
            do throws(RunFailure) { try body() } catch { note(error) }
        }
        func attemptFile(_ body: () throws(FileFailure) -> Void) {
            do throws(FileFailure) { try body() } catch { note(RunFailure.file(error)) }
        }
        func attemptOwner(_ body: () throws(UnsafeFile) -> Void) {
            do throws(UnsafeFile) { try body() } catch { note(RunFailure.unsafe(error)) }
        }
        let stateFile = StateFile(configuration.stateFile)
        let publisher = configuration.publisher
        attempt { () throws(RunFailure) in _ = try configuration.backendEnvironmentFile() }
        attemptFile { () throws(FileFailure) in _ = try configuration.postgresParameters() }
        attemptFile { () throws(FileFailure) in
            if let path = configuration.backup.drillServer.passwordFile { _ = try Secret.firstLine(of: path) }
        }
        attemptFile { () throws(FileFailure) in
            if let path = configuration.backup.identityFile, try DurableFile.contents(of: path) == nil {
                throw FileFailure(path: path, action: "open", errno: .noSuchFileOrDirectory)
            }
        }
        attemptOwner { () throws(UnsafeFile) in try stateFile.checkOwnership(at: .now()) }
        attemptOwner { () throws(UnsafeFile) in try publisher.checkOwnership() }
        let locks = [
            configuration.places.lock, configuration.places.backupLock, configuration.places.cleanupLock,
        ]
        for path in locks + [
            configuration.backup.folder.appending("any"), configuration.logFolder.appending("any"),
        ] {
            attemptOwner { () throws(UnsafeFile) in try FileOwnership.check(path, followsFolderOwner: true) }
        }
        attempt { () throws(RunFailure) in
            do throws(StateFile.Failure) { _ = try stateFile.load(for: configuration.service) } catch {
                throw .state(error)
            }
        }
        if let obstacle = publisher.obstacle(within: .seconds(2)) { note(.publish(obstacle)) }
        let published = publisher.file.map { [$0.removingLastComponent()] } ?? []
        let folders = [stateFile.folder, stateFile.history.path] + published + [configuration.backup.folder]
        for folder in folders + configuration.leftovers.folders {
            attemptFile { () throws(FileFailure) in try Self.checkWritable(folder) }
        }
        for path in locks {
            attemptFile { () throws(FileFailure) in
                guard access(path.string, R_OK | W_OK) != 0, errno != ENOENT else { return }
                throw FileFailure(path: path, action: "open", errno: Errno(rawValue: errno))
            }
        }
        for path in [configuration.logFolder, configuration.backup.folder] {
            attemptOwner { () throws(UnsafeFile) in try FileOwnership.checkFolder(path) }
        }
        if configuration.backup.upload != nil {
            do throws(StoreFailure) {
                _ = try StoreCredentials.find(in: ProcessInfo.processInfo.environment)
            } catch {
                note(BackupFailure.store(error))
            }
        }
        if case .unixSocket(let path)? = configuration.leftovers.containers?.engine.endpoint,
            access(path, R_OK | W_OK) != 0, errno == EACCES
        {
            let failure = DockerFailure.notPermitted(
                address: "unix://\(path)", detail: Errno.permissionDenied.description)
            note(.target(TargetError(failure)))
        }
        return found
    }

    /// A folder that is not there is made in the one above it.
    private static func checkWritable(_ folder: FilePath) throws(FileFailure) {
        var present = folder
        while access(present.string, F_OK) != 0, errno == ENOENT, present.removeLastComponent() {}
        guard access(present.string, W_OK | X_OK) == 0 else {
            throw FileFailure(path: folder, action: "write in \(present)", errno: Errno(rawValue: errno))
        }
    }
}
