import TestSupport
import Testing

/// What all programs have in common, each a row with its calls: wrong use, a missing configuration, the version.
struct ProgramUseTests {
    struct Program: Sendable, CustomStringConvertible {
        let name: String
        /// `healthcheck` has the monitoring plugins' own: all that is not known is 3.
        var statusOfWrongUse: Int32 = 64
        var statusWithoutConfiguration: Int32 = 78
        /// How what a missing configuration says on standard output begins: a plugin answers there, too.
        var answer = ""
        let wrong: [String]
        let unconfigured: [String]

        var description: String { name }

        func run(_ line: String) async throws -> ProcessOutput {
            try await BuiltBinary(name).run(arguments: line.split(separator: " ").map(String.init))
        }
    }

    static let programs = [
        Program(
            name: "autoscale",
            wrong: ["--bogus", "monitr", "monitor --dry", "status extra", "config sho", "monitor --config"],
            unconfigured: ["monitor", "--monitor", "status", "why", "config check"]),
        Program(
            name: "backup",
            wrong: [
                "--bogus", "lst", "restore", "restore x", "restore x --into y --clean", "verify x --all", "prune x",
            ],
            unconfigured: ["", "run", "list", "restore x --into y"]),
        Program(
            name: "cleanup", wrong: ["--bogus", "run", "--dry", "--config"],
            unconfigured: ["", "--json", "--dry-run"]),
        Program(
            name: "healthcheck", statusOfWrongUse: 3, statusWithoutConfiguration: 3, answer: "HEALTHCHECK UNKNOWN - ",
            wrong: ["--bogus", "extra", "--check", "--check nonsense", "--config"],
            unconfigured: ["", "--check site"]),
    ]

    @Test(arguments: programs)
    func `wrong use has a status of its own, and a hint on standard error`(of program: Program) async throws {
        for line in program.wrong {
            let output = try await program.run(line)
            #expect(output.status == program.statusOfWrongUse, "\(line): \(output)")
            #expect(output.stdout.isEmpty, "\(line): \(output)")
            #expect(output.stderr.contains("\(program) ") && output.stderr.contains("--help"), "\(line): \(output)")
        }
    }

    @Test(arguments: programs)
    func `without a configuration every command says where it looked`(of program: Program) async throws {
        let places = "/config/autoscale.conf and /etc/autoscale/autoscale.conf. Name one with --config FILE"
        for line in program.unconfigured {
            let output = try await program.run(line)
            #expect(output.status == program.statusWithoutConfiguration, "\(line): \(output)")
            #expect(output.stderr.contains(places), "\(line): \(output)")
            #expect(output.stdout.isEmpty == program.answer.isEmpty, "\(line): \(output)")
            #expect(output.stdout.hasPrefix(program.answer), "\(line): \(output)")
        }
    }

    @Test(arguments: programs)
    func `the version is one line`(of program: Program) async throws {
        let output = try await program.run("--version")
        #expect(output.status == 0)
        #expect(try #/\d+\.\d+\.\d+\n/#.wholeMatch(in: output.stdout) != nil, "\(output)")
    }
}
