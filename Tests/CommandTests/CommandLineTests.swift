import Foundation
import Host
import SystemPackage
import TestSupport
import Testing

/// What a stranger types, and what comes back.
struct CommandLineTests {
    private let autoscale = BuiltBinary("autoscale")

    @Test("A named file that is absent is an error, in whatever way it is named")
    func absent() async throws {
        for (arguments, environment) in [
            (["status", "--config", "/absent/a.conf"], [:]), (["--status", "--config", "/absent/a.conf"], [:]),
            (["--config", "/absent/a.conf", "status"], [:]), (["status"], ["AUTOSCALE_CONFIG": "/absent/a.conf"]),
        ] as [([String], [String: String])] {
            let all = RunningProcess.cronEnvironment.merging(environment) { $1 }
            let output = try await autoscale.run(arguments: arguments, environment: all)
            #expect(output.status == 78, "\(arguments)")
            #expect(output.stderr == "/absent/a.conf: there is no such file\n")
        }
    }

    @Test func `a broken configuration shows all its errors and nothing is created`() async throws {
        try await withConfiguration("CPU_MXA=1\nMAX_BACKENDS=0\n") { file in
            for command in [
                ["monitor"], ["monitor", "--dry-run"], ["status"], ["config", "check"], ["config", "show"],
            ] {
                let output = try await autoscale.run(arguments: command + ["--config", file.string])
                #expect(output.status == 78)
                #expect(output.stdout.isEmpty)
                #expect(output.stderr.split(separator: "\n").count == 2)
                #expect(output.stderr.contains("\(file):1: CPU_MXA: unknown key, did you mean CPU_MAX?\n"))
            }
            let found = try FileManager.default.contentsOfDirectory(atPath: file.removingLastComponent().string)
            #expect(found == ["a.conf"])
        }
    }

    @Test func `a broken configuration speaks the language that it or the environment names`() async throws {
        for (text, environment) in [
            ("LANGUAGE=es\nMAX_BACKENDS=0\n", [:]), ("\nMAX_BACKENDS=0\n", ["AUTOSCALE_LANGUAGE": "es"]),
            ("LANGUAGE=en\nMAX_BACKENDS=0\n", ["AUTOSCALE_LANGUAGE": "es"]),
        ] {
            try await withConfiguration(text) { file in
                for command in [["monitor"], ["config", "check"]] {
                    let output = try await autoscale.run(
                        arguments: command + ["--config", file.string], environment: environment)
                    #expect(output.status == 78)
                    #expect(
                        output.stderr.hasSuffix(
                            "\(file):2: MAX_BACKENDS: '0', se admite: un número entero de 1 a 1000\n"), "\(output)")
                }
            }
        }
    }

    @Test(
        "A command that is none is answered with the one that was probably meant, and with all",
        arguments: [
            ("autoscale", "statsu", "status"), ("autoscale", "monitr", "monitor"), ("autoscale", "wyh", "why"),
            ("autoscale", "pause", nil), ("backup", "lst", "list"), ("backup", "restroe", "restore"),
            ("backup", "logs", nil),
        ] as [(String, String, String?)])
    func noCommand(_ program: String, _ word: String, _ nearest: String?) async throws {
        let output = try await BuiltBinary(program).run(arguments: [word])
        #expect(output.status == 64 && output.stdout.isEmpty)
        #expect(output.stderr.contains("no command '\(word)'"), "\(output)")
        if let nearest { #expect(output.stderr.contains("did you mean \(nearest)?"), "\(output)") }
        #expect(output.stderr.contains("did you mean") == (nearest != nil))
        #expect(output.stderr.contains("\nCommands: "))
    }

    @Test func `a working directory's configuration is never taken`() async throws {
        try await withConfiguration("") { file in
            let folder = file.removingLastComponent()
            try FileManager.default.moveItem(atPath: file.string, toPath: folder.appending("autoscale.conf").string)
            let output = try await autoscale.run(arguments: ["config", "check"], workingDirectory: folder)
            #expect(output.status == 78)
        }
    }

    @Test func `config show prints a file that says the same, with every origin and no secret`() async throws {
        try await withConfiguration(
            "DB_PASSWORD=canary-7\nLB_METHOD=hash $request_uri consistent\nBACKEND_IMAGE=x\nBACKEND_COMMAND=sh -c 'trap \"exit 0\" TERM'\nDB_NAME=' # '\n"
        ) {
            file in
            let environment = RunningProcess.cronEnvironment.merging(["AUTOSCALE_CPU_MAX": "70"]) { $1 }
            let output = try await autoscale.run(
                arguments: ["config", "show", "--config", file.string], environment: environment)
            #expect(output.status == 0)
            #expect(!(output.stdout + output.stderr).contains("canary-7"))
            #expect(output.stdout.contains("DB_PASSWORD=********  # \(file):1\n"))
            #expect(output.stdout.contains("CPU_MAX=70  # environment AUTOSCALE_CPU_MAX\n"))
            #expect(output.stdout.contains("LB_METHOD=hash $request_uri consistent  # \(file):2\n"))
            #expect(output.stdout.contains("CPU_MIN=20  # default\n"))
            try DurableFile.replace(file, with: Array(output.stdout.utf8))
            let again = try await autoscale.run(arguments: ["config", "check", "--config", file.string])
            #expect(again.status == 0, "\(again.stderr)")
        }
    }

    @Test func `config check is quiet about a good file, and warns of what is probably not meant`() async throws {
        try await withConfiguration("") { file in
            let output = try await autoscale.run(arguments: ["config", "check", "--config", file.string])
            #expect(output.status == 0)
            #expect(output.stdout == "\(file): no errors\n")
            #expect(
                output.stderr == "warning: BACKEND_IMAGE is not set: backends can be adopted, but none can be started\n"
            )
        }
    }

    @Test(arguments: [
        ("statsu", ", did you mean status?"), ("pause", ""), ("--config x.conf statsu", ", did you mean status?"),
    ])
    func `an unknown command is answered with those that there are`(line: String, hint: String) async throws {
        let answer = try await autoscale.run(arguments: line.split(separator: " ").map(String.init))
        #expect(answer.status == 64)
        let word = line.split(separator: " ").last ?? ""
        #expect(
            answer.stderr == """
                Error: there is no command '\(word)'\(hint)
                Commands: monitor, status, why, config; see 'autoscale --help'

                """)
    }

    @Test func `before the first run status and why say so`() async throws {
        try await withConfiguration("TARGET=process\nBACKEND_COMMAND=true\nSERVICE=never\n") { file in
            let status = try await autoscale.run(arguments: ["status", "--config", file.string])
            #expect(
                status.stdout.hasPrefix(
                    """
                    === Autoscaling Status ===
                    Active backends: 0
                    CPU: n/a
                    Memory: n/a
                    Active connections: n/a
                    Last updated: never

                    """), "\(status.stdout)")
            #expect(
                status.stdout.contains(
                    """

                    CPU: limits 20% … 80%
                    Memory: limits 30% … 85%
                    Connections: limits 20 … 100

                    """), "\(status.stdout)")
            let why = try await autoscale.run(arguments: ["why", "--config", file.string])
            #expect(why.stdout == "There was no run yet.\n")
            #expect(why.status == 0)
        }
    }

    private func withConfiguration(_ text: String, _ body: (FilePath) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending("a.conf")
            try DurableFile.replace(file, with: Array(text.utf8))
            try await body(file)
        }
    }
}
