package import Connections
import Foundation
import Glibc
import Host
import Subprocess
import Synchronization
import SystemPackage
package import Testing

/// A Docker Engine of a test's own: own data, own socket, own bridge, own containers, and no rule in the host's
/// firewall but one, where that would keep its own containers from each other.
package final class PrivateDocker: Sendable {
    /// The engine of the suite that has the trait `.privateDocker`.
    @TaskLocal package static var current: PrivateDocker?

    package let address: DockerAddress
    package let engine: DockerEngine
    private let supervisor: Supervisor

    fileprivate init(address: DockerAddress, supervisor: Supervisor) {
        self.address = address
        self.supervisor = supervisor
        engine = DockerEngine(address)
    }

    /// Sends the daemon a signal; its containers live on.
    package func signal(_ signal: Int32) throws {
        guard let daemon = supervisor.daemon else { throw PrivateDockerError(what: "no daemon runs") }
        if signal == SIGKILL { try ProcessTable.kill(daemon) } else { try ProcessTable.send(signal, to: daemon) }
    }

    /// Starts the daemon again after it was ended.
    package func startAgain() async throws {
        try supervisor.command("start")
        try await waitUntilItAnswers()
    }

    /// Runs the `docker` command; throws what it says on stderr when it fails.
    @discardableResult
    package func docker(_ arguments: String...) async throws -> String { try await docker(arguments) }

    @discardableResult
    package func docker(_ arguments: [String]) async throws -> String {
        let result = try await Subprocess.run(
            .name("docker"), arguments: Arguments(["-H", "\(address)"] + arguments),
            output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
        guard result.terminationStatus.isSuccess else {
            throw PrivateDockerError(what: "docker \(arguments): \(result.standardError)")
        }
        return result.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    fileprivate func waitUntilItAnswers() async throws {
        try await eventually("the private Docker Engine answers", within: .seconds(30)) {
            guard supervisor.isRunning else { throw PrivateDockerError(what: supervisor.log) }
            return (try? engine.ping(before: Deadline(after: .seconds(2)))) != nil
        }
    }

    fileprivate func load(from folder: FilePath) async throws {
        let archive = Array(try Data(contentsOf: URL(fileURLWithPath: folder.appending("image.tar").string)))
        for image in TestImage.allCases {
            let start = "CMD [\"/bin/sh\",\"/backend\",\"\(image.rawValue)\"]"
            let query = "fromSrc=-&repo=\(TestImage.repository)&tag=\(image.rawValue)&changes=\(percentEncoded(start))"
            var call = DockerEngine.Call(
                .post, action: "load \(image.name)", path: "/images/create?\(query)", timeout: .seconds(30))
            call.body = archive
            call.contentType = "application/x-tar"
            let answer = try engine.ask(call, before: Deadline(after: .seconds(30)))
            guard !answer.text.contains("error") else { throw PrivateDockerError(what: answer.text) }
        }
    }
}

package struct PrivateDockerError: Error, CustomStringConvertible {
    let what: String
    package var description: String { what }
}

/// Starts an engine, loads the images of `TestImage`, and removes every trace of it afterwards, also when the body throws
/// or the test process is killed.
package func withPrivateDocker<Result>(
    isolation: isolated (any Actor)? = #isolation, _ body: (PrivateDocker) async throws -> Result
) async throws -> Result {
    var template = Array("/tmp/autoscale-docker-XXXXXX".utf8CString)
    guard let path = mkdtemp(&template) else { throw Errno(rawValue: errno) }
    let folder = FilePath(String(cString: path))
    let supervisor = try Supervisor(folder: folder)
    let result: Swift.Result<Result, any Error>
    do {
        let address = try DockerAddress("unix://\(folder)/docker.sock")
        let docker = PrivateDocker(address: address, supervisor: supervisor)
        try await docker.waitUntilItAnswers()
        try await docker.load(from: folder)
        result = .success(try await body(docker))
    } catch {
        result = .failure(error)
    }
    let ending = Task.detached { try await supervisor.end() }  // not cancelled with the test
    let ended = await ending.result
    let value = try result.get()
    try ended.get()
    return value
}

/// One engine for all tests of a suite, found at `PrivateDocker.current`.
package struct PrivateDockerTrait: SuiteTrait, TestScoping {
    package func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await withPrivateDocker { docker in
            try await PrivateDocker.$current.withValue(docker) { try await function() }
        }
    }
}

extension Trait where Self == PrivateDockerTrait {
    package static var privateDocker: Self { PrivateDockerTrait() }
}

/// The shell that starts the daemon and cleans up after it when its input ends, which it does with our process, too.
private final class Supervisor: Sendable {
    private let process = Mutex(Process())
    private let input: FileDescriptor
    private let folder: FilePath

    init(folder: FilePath) throws {
        self.folder = folder
        // Close-on-exec: another child that inherits the end we write to would keep the daemon alive.
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw Errno(rawValue: errno)
        }
        input = FileDescriptor(rawValue: ends[1])
        let reading = FileHandle(fileDescriptor: ends[0], closeOnDealloc: true)
        let script = Self.script
        try process.withLock { process in
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            process.arguments = ["-c", script, "private-docker", folder.string]
            process.standardInput = reading
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
        }
    }

    var isRunning: Bool { process.withLock { $0.isRunning } }

    var daemon: ProcessTable.Identity? {
        let text = try? String(contentsOfFile: folder.appending("pid").string, encoding: .utf8)
        return text.flatMap { pid_t($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
            .flatMap(ProcessTable.status)?.identity
    }

    var log: String {
        let text = (try? String(contentsOfFile: folder.appending("log").string, encoding: .utf8)) ?? "no log"
        return text.split(separator: "\n").suffix(20).joined(separator: "\n")
    }

    func command(_ line: String) throws { try input.writeAll("\(line)\n".utf8) }

    func end() async throws {
        try input.close()
        try await eventually("the private Docker Engine is gone", within: .seconds(60)) { !isRunning }
    }

    private static let script = #"""
        folder=$1
        trap : INT HUP TERM
        exec >"$folder/log" 2>&1
        PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

        # The bridge's name is its network's number: making it is what claims both.
        number=$(($$ % 256)) bridge= rule=
        for try in $(seq 256); do
            number=$(((number + 1) % 256))
            if ip link add "asdk$number" type bridge 2>/dev/null; then bridge=asdk$number; break; fi
        done

        start() {
            setsid dockerd --host "unix://$folder/docker.sock" --data-root "$folder/data" --exec-root "$folder/exec" \
                --pidfile "$folder/pid" --bridge "$bridge" --iptables=false --ip6tables=false --ip-masq=false \
                --ip-forward=false --containerd-namespace "$bridge" --containerd-plugins-namespace "$bridge-plugins" \
                </dev/null &
            daemon=$!
        }

        finish() {
            docker="timeout 20 docker -H unix://$folder/docker.sock"
            if kill -0 "$daemon"; then
                kill -CONT "$daemon"
                $docker rm --force --volumes $($docker ps --all --quiet)
                $docker network prune --force
                kill -TERM "$daemon"
                for try in $(seq 100); do kill -0 "$daemon" || break; sleep 0.1; done
                kill -KILL "$daemon"
            fi
            # What a killed daemon leaves behind: its containers, then its containerd and shims.
            for id in $(ls "$folder/data/containers"); do
                for file in $(grep -l "$id" /proc/[0-9]*/cgroup); do
                    process=${file#/proc/}; kill -KILL "${process%/cgroup}"
                done
            done
            for file in $(grep -l "$folder/exec/" /proc/[0-9]*/cmdline); do
                process=${file#/proc/}; kill -KILL "${process%/cmdline}"
            done
            for try in $(seq 50); do
                mounts=$(awk -v folder="$folder/" 'index($2, folder) == 1 { print $2 }' /proc/mounts | sort -r)
                [ -n "$mounts" ] && umount -l $mounts
                rm -rf "$folder" && break
                sleep 0.1
            done
            [ -n "$rule" ] && iptables --wait --delete FORWARD $rule
            ip link delete "$bridge"
        }

        mkdir -p "$folder/image/bin" "$folder/image/tmp"
        cp /bin/busybox "$folder/image/bin/"
        for name in sh httpd mkdir rm sleep touch; do ln -s busybox "$folder/image/bin/$name"; done
        cat >"$folder/image/backend" <<'BACKEND'
        mkdir -p /www
        sleep "${START_DELAY:-0}"
        case $1 in
        exits) exit 3 ;;
        ready) echo ok >/www/health ;;
        fickle) while :; do if [ -e /sick ]; then rm -f /www/health; else echo ok >/www/health; fi; sleep 0.1; done & ;;
        esac
        httpd -f -p "${PORT:-3000}" -h /www &
        trap 'exit 0' TERM
        wait
        BACKEND
        tar -C "$folder/image" -cf "$folder/image.tar" .

        if [ -n "$bridge" ] && ip addr add "172.31.$number.1/24" dev "$bridge" && ip link set "$bridge" up; then
            # Another engine on this host may have left the policy at DROP, which also holds for what a bridge forwards.
            if iptables --wait --list-rules FORWARD | grep -q -e '-P FORWARD DROP'; then
                rule="--in-interface $bridge --out-interface $bridge --jump ACCEPT"
                iptables --wait --insert FORWARD $rule || rule=
            fi
            start
            while read -r _; do  # start
                wait "$daemon"
                # Its containerd died with it; while that is not reaped, the next daemon would wait for it.
                containerd=$folder/exec/containerd/containerd.pid
                kill -KILL "$(cat "$containerd")"
                rm -f "$containerd"
                start
            done
        fi
        finish
        """#
}

private func percentEncoded(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? text
}
