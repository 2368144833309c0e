import Foundation
package import Host
package import SystemPackage

/// Every process whose working directory is that folder or below: what a private server left behind, too.
package func processesWorking(in folder: FilePath) throws -> [ProcessTable.Status] {
    try ProcessTable.running().filter {
        let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\($0.identity.pid)/cwd")
        return path == folder.string || path?.hasPrefix(folder.string + "/") == true
    }
}

/// Kills them, and what they fork meanwhile.
package func killProcesses(workingIn folder: FilePath) {
    killProcesses { try processesWorking(in: folder) }
}

/// Kills what is found, until nothing is found any more and none of it runs: on a busy machine that takes a moment.
func killProcesses(_ found: () throws -> [ProcessTable.Status]) {
    var killed: [ProcessTable.Identity] = []
    let deadline = Deadline(after: .seconds(10))
    repeat {
        let processes = (try? found()) ?? []
        for process in processes { _ = try? ProcessTable.send(SIGKILL, to: process.identity) }
        killed = killed.filter(ProcessTable.isRunning) + processes.map(\.identity)
        if killed.isEmpty { return }
        usleep(2000)
    } while !deadline.isOver
}

extension ProcessTable {
    /// Kills a process and waits until it is gone.
    package static func kill(_ process: Identity) throws {
        try send(SIGKILL, to: process)
        let deadline = Deadline(after: .seconds(10))
        while isRunning(process) {
            if deadline.isOver { throw DidNotHappen(what: "process \(process.pid) ends", waited: .seconds(10)) }
            usleep(2000)
        }
    }
}
