import Foundation
import SystemPackage
import TestSupport
import Testing

/// The crontab as shipped, against crontab(5) and the programs of this package.
@Suite struct ShippedCrontabTests {
    /// A line that runs something: five fields of time, then the words of the command.
    private struct Job {
        let fields: [String]
        let command: [String]

        init(_ line: Substring) {
            let words = line.split(separator: " ").map(String.init)
            fields = Array(words.prefix(5))
            command = Array(words.dropFirst(5))
        }
    }

    private static let programs = ["autoscale", "backup", "cleanup", "healthcheck"]
    private static let ranges = [0...59, 0...23, 1...31, 1...12, 0...7]

    private func lines() throws -> [Substring] {
        let root = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
        let text = try String(contentsOfFile: root.appending("cron/autoscale.crontab").string, encoding: .utf8)
        #expect(text.hasSuffix("\n"), "cron ignores a last line without an end")
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }
    }

    private func jobs() throws -> [Job] { try lines().filter { !$0.hasPrefix("MAILTO=") }.map(Job.init) }

    /// `*`, `*/5`, `3`, `1-5`, `0,30`.
    private func isField(_ text: String, of range: ClosedRange<Int>) -> Bool {
        text.split(separator: ",", omittingEmptySubsequences: false).allSatisfy { item in
            let parts = item.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count <= 2, let base = parts.first else { return false }
            if parts.count == 2, Int(parts[1]).map({ $0 > 0 }) != true { return false }
            if base == "*" { return true }
            let bounds = base.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
            guard (1...2).contains(bounds.count) else { return false }
            return bounds.allSatisfy { $0.map(range.contains) == true }
        }
    }

    @Test func `Every line is a comment, MAILTO, or five fields and a command of ours`() throws {
        let jobs = try jobs()
        #expect(jobs.count == Self.programs.count, "one line a tool")
        for job in jobs {
            try #require(job.fields.count == 5)
            for (field, range) in zip(job.fields, Self.ranges) { #expect(isField(field, of: range), "\(field)") }
            let program = try #require(job.command.first)
            #expect(program.hasPrefix("/opt/autoscale/bin/"), "cron's PATH does not find it")
            #expect(Self.programs.contains(String(program.split(separator: "/").last ?? "")))
            #expect(!job.command.joined().contains("%"), "cron makes a line end of it")
        }
    }

    @Test func `Output goes to a log of ours, and errors with it`() throws {
        for job in try jobs() {
            let redirection = Array(job.command.suffix(3))
            try #require(redirection.count == 3)
            #expect(redirection[0] == ">>" && redirection[2] == "2>&1")
            #expect(redirection[1].hasPrefix("/opt/autoscale/logs/"))
        }
    }

    @Test func `Each program takes the arguments that the crontab gives it`() async throws {
        for job in try jobs() {
            let program = try #require(job.command.first?.split(separator: "/").last)
            let arguments = job.command.dropFirst().prefix { $0 != ">>" }
            let output = try await BuiltBinary(String(program)).run(arguments: arguments + ["--help"])
            #expect(output.status == 0, "\(output.stderr)")
            let flags = arguments.filter { $0.hasPrefix("--") }
            let words = [String(program)] + arguments.filter { !$0.hasPrefix("--") }
            #expect(output.stdout.contains("Usage: \(words.joined(separator: " "))"))
            #expect(flags.allSatisfy { output.stdout.contains("  \($0) ") }, "\(flags)")
        }
    }
}
