import Foundation
package import Glibc
import Host
import SystemPackage

extension PrivateService {
    /// The user and group `nobody` of Debian, as whom cron may run it.
    package static var nobody: uid_t { 65534 }

    /// Everything belongs to nobody from now on, the running NGINX too. Needs root.
    package func giveToNobody() async throws {
        try await succeed("chown -R nobody:nogroup \(folder) \(nginx.folder)")
        chmod(folder.removingLastComponent().string, 0o711)
        try await nginx.stop()
        let command = nginx.reloadCommand.replacing(" -s reload", with: "")
        try await succeed("setpriv --reuid=nobody --regid=nogroup --clear-groups \(command)")
        try await eventually("nobody's nginx listens") {
            try nginx.isRunning && SocketTable().listeningPorts.contains(nginx.port)
        }
    }

    private func succeed(_ command: String) async throws {
        let result = try await ChildProcess.run(
            CommandWords(command), workingDirectory: nginx.folder, timeout: .seconds(30))
        guard result.termination.isSuccess else { throw PrivateServerFailure("\(command): \(result.summary)") }
    }
}
