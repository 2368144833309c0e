package import Decisions
import Glibc
package import Host
import Settings
package import SystemPackage

/// Backends that are plain processes of this host.
///
/// A backend is the process that a start made, a *session leader*, or what of it holds its port. It is found by our
/// variables in its environment, by the memory of its number and start, or by the log that it writes: a program may overwrite the
/// first, the second is a file that may be lost, and the third can be redirected. Nothing exited is ever listed, because a
/// process leaves nothing behind but its log.
package struct ProcessTarget: ScalingTarget, ConnectionCountingTarget, AddressKnowingTarget, RememberingTarget {
    package struct Settings: Sendable {
        package let service: String
        package let command: CommandWords
        /// What `BACKEND_ENV_FILE` holds.
        package let environment: [String: String]
        /// `nil` where nobody sends requests to backends: they get no port, and have no address.
        package let hostPorts: ClosedRange<UInt16>?
        /// What the names of backends begin with.
        package let namePrefix: String
        package let logFolder: FilePath
        /// Backends run as the owner of its folder, also when root starts them.
        package let stateFile: FilePath
        package let workingDirectory: FilePath
        /// From SIGTERM to SIGKILL.
        package let stopTimeout: Duration

        package init(
            service: String, command: CommandWords, environment: [String: String] = [:],
            hostPorts: ClosedRange<UInt16>?, namePrefix: String, logFolder: FilePath, stateFile: FilePath,
            workingDirectory: FilePath, stopTimeout: Duration
        ) {
            self.service = service
            self.namePrefix = namePrefix
            self.stateFile = stateFile
            self.command = command
            self.environment = environment
            self.hostPorts = hostPorts
            self.logFolder = logFolder
            self.workingDirectory = workingDirectory
            self.stopTimeout = stopTimeout
        }

        var stateFolder: FilePath { Places(stateFile: stateFile).folder }
    }

    /// What a backend carries in its environment; `PORT` is the only one that it has to read, where it has one.
    enum Variable {
        static let service = "AUTOSCALE_SERVICE"
        static let name = "AUTOSCALE_NAME"
        static let operation = "AUTOSCALE_OP"
        static let created = "AUTOSCALE_CREATED"
        /// The number of the process that was started. Whatever it starts carries the same variables, and another number.
        static let process = "AUTOSCALE_PID"
        static let port = "PORT"
    }

    let settings: Settings
    let memory: ProcessMemory
    /// Of what this run has started.
    let heldPorts = HeldPorts()

    package init(_ settings: Settings) {
        self.settings = settings
        memory = ProcessMemory(path: Places(stateFile: settings.stateFile).processes, service: settings.service)
    }

    package var countsConnections: (any ConnectionCountingTarget)? { settings.hostPorts == nil ? nil : self }
    package var knowsAddresses: (any AddressKnowingTarget)? { settings.hostPorts == nil ? nil : self }
    package var remembers: (any RememberingTarget)? { self }
    package var keepsOutput: (any OutputKeepingTarget)? { self }

    /// Their logs, which tell why they ended.
    package var leftovers: Leftovers { Leftovers(folders: [settings.logFolder]) }

    package func discover(before deadline: Deadline) async throws(TargetError) -> Discovery {
        try look()
    }

    package func remember(_ backends: [Backend]) throws(TargetError) {
        try rethrow(
            try memory.replace(with: backends.compactMap(ProcessMemory.Entry.init)), as: TargetError.file)
    }

    package func stop(_ backend: Backend, before deadline: Deadline) async throws(TargetError) {
        try await end(backend, allowing: settings.stopTimeout, before: deadline)
    }

    /// Its log stays: it tells why.
    package func remove(_ backend: Backend, before deadline: Deadline) async throws(TargetError) {
        try await end(backend, allowing: settings.stopTimeout, before: deadline)
    }

    /// Both ends of a connection on this host are in its table; the client's end has another local port.
    package func establishedConnections(
        of backend: Backend, before deadline: Deadline
    ) async throws(TargetError) -> Int {
        guard let port = backend.address?.port else { return 0 }
        return try sockets().established(onPort: port)
    }

    func sockets() throws(TargetError) -> SocketTable {
        do throws(Errno) {
            return try SocketTable()
        } catch {
            throw .unreadable(action: "read /proc/self/net/tcp", detail: error.description)
        }
    }
}
