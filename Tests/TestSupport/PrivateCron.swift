import Foundation
package import Host
package import SystemPackage

/// Debian's real cron with users' crontabs, in a mount namespace of its own: it sees none of the host's crontabs and leaves
/// neither its pid file nor anything else behind.
///
/// Jobs see the host's processes, network, Docker socket and files, and start with the second 0 of a minute: the first one
/// comes after at most 60 s. Needs root.
package struct PrivateCron: Sendable {
    fileprivate let homes: FilePath
    /// What cron itself had to say.
    package let log: FilePath
    package let process: ProcessTable.Identity

    package var isRunning: Bool { ProcessTable.isRunning(process) }

    /// HOME of the user's jobs, and so their working directory; the user's own.
    package func home(of user: String) -> FilePath { homes.appending(user) }
}

/// Runs the body beside such a cron, and ends it and its jobs afterwards, also when the body throws.
/// - Parameters:
///   - crontabs: lines as `crontab -e` would take them, of each user; the jobs run as that user. `HOME` and an empty
///     `MAILTO` are put before; PATH is cron's own (`/usr/bin:/bin`), SHELL `/bin/sh`.
package func withPrivateCron<Result>(
    crontabs: [String: String], isolation: isolated (any Actor)? = #isolation,
    _ body: (PrivateCron) async throws -> Result
) async throws -> Result {
    guard geteuid() == 0 else { throw PrivateServerFailure("a private cron needs root, for its mount namespace") }
    return try await withTemporaryFolder { folder in
        for name in ["crontabs", "cron.d", "run", "homes"] {
            try FileManager.default.createDirectory(
                atPath: folder.appending(name).string, withIntermediateDirectories: false)
        }
        // Each user must be able to enter its home.
        try FileManager.default.setAttributes([.posixPermissions: 0o711], ofItemAtPath: folder.string)
        for (user, lines) in crontabs { try install(lines, of: user, in: folder) }
        try "".write(toFile: folder.appending("crontab").string, atomically: false, encoding: .utf8)
        let log = folder.appending("cron.log")
        let marker = "PRIVATE_CRON=\(folder)"
        defer { end(marker, folder) }
        let process = try await launch(marker, folder, log)
        return try await body(PrivateCron(homes: folder.appending("homes"), log: log, process: process))
    }
}

/// Cron wants a crontab to be its user's own and nobody else's to write.
private func install(_ lines: String, of user: String, in folder: FilePath) throws {
    guard let account = getpwnam(user)?.pointee else { throw PrivateServerFailure("there is no user \(user)") }
    let home = folder.appending("homes").appending(user).string
    try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: false)
    chown(home, account.pw_uid, account.pw_gid)
    let table = folder.appending("crontabs").appending(user).string
    try "MAILTO=\"\"\nHOME=\(home)\n\(lines)\n".write(toFile: table, atomically: false, encoding: .utf8)
    chown(table, account.pw_uid, account.pw_gid)
    chmod(table, 0o600)
}

private func launch(_ marker: String, _ folder: FilePath, _ log: FilePath) async throws -> ProcessTable.Identity {
    let file = try FileDescriptor.open(
        log, .writeOnly, options: [.create, .append, .closeOnExec], permissions: [.ownerReadWrite])
    defer { try? file.close() }
    let nothing = try FileDescriptor.open("/dev/null", .readOnly, options: [.closeOnExec])
    defer { try? nothing.close() }
    let script = folder.appending("start.sh")
    try namespace.write(toFile: script.string, atomically: false, encoding: .utf8)
    let words = CommandWords(
        program: "setsid",
        arguments: ["--fork", "unshare", "--mount", "sh", "-e", script.string, folder.string])
    let launched = try await ChildProcess.launch(
        words, environment: ["PRIVATE_CRON": folder.string], workingDirectory: folder, reading: nothing,
        writingTo: file, timeout: .seconds(10))
    guard launched.isSuccess else { throw PrivateServerFailure("setsid: \(launched)") }
    do {
        try await eventually("cron runs") { marked(marker).contains(where: isCron) }
    } catch {
        throw PrivateServerFailure((try? String(contentsOfFile: log.string, encoding: .utf8)) ?? "\(error)")
    }
    guard let process = marked(marker).first(where: isCron) else { throw PrivateServerFailure("cron ended at once") }
    return process.identity
}

private func isCron(_ process: ProcessTable.Status) -> Bool {
    process.isSessionLeader && ProcessTable.commandLine(of: process.identity.pid).first == "cron"
}

/// Cron's own processes carry the variable; a job's environment is made anew by cron.
private func marked(_ marker: String) -> [ProcessTable.Status] {
    ((try? ProcessTable.running()) ?? []).filter {
        (try? ProcessTable.environment(of: $0.identity.pid, containing: marker)) ?? nil != nil
    }
}

/// Cron first: it starts jobs.
private func end(_ marker: String, _ folder: FilePath) {
    killProcesses { marked(marker) }
    killProcesses(workingIn: folder)
}

/// /run keeps everything but cron's pid file and its note about @reboot: the daemon would refuse to start beside another,
/// and leave both behind.
private let namespace = """
    folder=$1
    mount -n -t tmpfs tmpfs "$folder/run"
    for entry in /run/*; do
        name=${entry##*/}
        case $name in crond.*) continue ;; esac
        if [ -d "$entry" ]; then
            mkdir "$folder/run/$name"
            mount -n --rbind "$entry" "$folder/run/$name"
        elif [ -e "$entry" ]; then
            : >"$folder/run/$name"
            mount -n --bind "$entry" "$folder/run/$name"
        fi
    done
    mount -n --rbind "$folder/run" /run
    mount -n --bind "$folder/crontabs" /var/spool/cron/crontabs
    mount -n --bind "$folder/cron.d" /etc/cron.d
    mount -n --bind "$folder/crontab" /etc/crontab
    exec cron -f

    """
