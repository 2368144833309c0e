package import AutoscaleCore
import Foundation
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
    for _ in 1...3 {
        let processes = (try? processesWorking(in: folder)) ?? []
        if processes.isEmpty { return }
        for process in processes { _ = try? ProcessTable.send(SIGKILL, to: process.identity) }
    }
}
