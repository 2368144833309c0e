import Foundation
package import Host
package import SystemPackage

/// A real NGINX with its own prefix, pid file, logs and temporary folders: a site on a free port of 127.0.0.1 that is
/// proxied to the named upstream of `nginx/*.conf`.
package struct PrivateNginx: Sendable {
    package let folder: FilePath
    package let upstreamName: String
    /// Where the site listens.
    package let port: UInt16
    /// Free, for `NGINX_STATUS_LISTEN`.
    package let statusPort: UInt16

    package var configuration: FilePath { folder.appending("nginx.conf") }
    package var upstreamFile: FilePath { folder.appending("nginx").appending("upstream.conf") }
    package var pidFile: FilePath { folder.appending("nginx.pid") }
    package var errorLog: FilePath { folder.appending("error.log") }
    package var site: String { "http://127.0.0.1:\(port)/" }

    package var testCommand: String { command("-t") }
    package var reloadCommand: String { command("-s reload") }

    private func command(_ options: String) -> String {
        "nginx -p \(folder) -e \(errorLog) -c \(configuration) \(options)"
    }

    /// The master; `nil` if it does not run.
    package var master: ProcessTable.Identity? {
        guard let text = try? String(contentsOfFile: pidFile.string, encoding: .utf8),
            let pid = pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)),
            let status = ProcessTable.status(of: pid), !status.hasEnded,
            ProcessTable.commandLine(of: pid).joined(separator: " ").contains(configuration.string)
        else { return nil }
        return status.identity
    }

    package var isRunning: Bool { master != nil }

    /// Returns when it listens.
    package func start() async throws {
        let result = try await ChildProcess.run(
            CommandWords(command("")), workingDirectory: folder, timeout: .seconds(20))
        guard result.termination.isSuccess else { throw PrivateServerFailure("nginx: \(result.lastWords())") }
        try await eventually("nginx listens") { try isRunning && SocketTable().listeningPorts.contains(port) }
    }

    /// Ends the master at once; workers follow.
    package func stop() async throws {
        if let master { try ProcessTable.send(SIGTERM, to: master) }
        try await eventually("nginx has ended") { try processesWorking(in: folder).isEmpty }
    }

    /// As a crash would end it: nobody tidies up.
    package func kill() async throws {
        killProcesses(workingIn: folder)
        try await eventually("nginx has ended") { try processesWorking(in: folder).isEmpty }
    }

    /// Replaces the upstream file by one as a person would write it.
    package func writeUpstream(servers: [UInt16]) throws {
        let lines = servers.map { "    server 127.0.0.1:\($0);\n" }.joined()
        try "upstream \(upstreamName) {\n\(lines)}\n".write(
            toFile: upstreamFile.string, atomically: true, encoding: .utf8)
    }

    fileprivate func writeConfiguration(workerProcesses: Int) throws {
        let user = geteuid() == 0 ? "user root;\n" : ""
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map {
            "    \($0)_temp_path \(folder)/\($0);\n"
        }
        try """
        \(user)worker_processes \(workerProcesses);
        pid \(pidFile);
        error_log \(errorLog);
        worker_shutdown_timeout 310s;
        events { worker_connections 1024; }
        http {
            access_log off;
        \(temporary.joined())
            include \(folder)/nginx/*.conf;
            server {
                listen 127.0.0.1:\(port);
                location / {
                    proxy_http_version 1.1;
                    proxy_set_header Connection "";
                    proxy_pass http://\(upstreamName);
                }
            }
        }

        """.write(toFile: configuration.string, atomically: true, encoding: .utf8)
    }
}

package struct PrivateServerFailure: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}

/// Runs the body with such an NGINX, running, and ends it afterwards, also when the body throws.
/// - Parameters:
///   - folder: where it lives, empty and absolute; its working directory, too.
///   - servers: ports of the first, hand-written upstream; NGINX does not start with none.
package func withPrivateNginx<Result>(
    folder: FilePath, upstreamName: String = "app_backend", servers: [UInt16] = [9], workerProcesses: Int = 2,
    isolation: isolated (any Actor)? = #isolation, _ body: (PrivateNginx) async throws -> Result
) async throws -> Result {
    let ports = try freePorts(2)
    let nginx = PrivateNginx(
        folder: folder, upstreamName: upstreamName, port: ports.lowerBound, statusPort: ports.upperBound)
    try FileManager.default.createDirectory(
        atPath: folder.appending("nginx").string, withIntermediateDirectories: true)
    try nginx.writeConfiguration(workerProcesses: workerProcesses)
    try nginx.writeUpstream(servers: servers)
    defer { killProcesses(workingIn: folder) }
    try await nginx.start()
    return try await body(nginx)
}
