import Fleet
import Foundation
import Host
import SystemPackage
import TestSupport
import Testing

/// The shipped crontab in a real cron. One test: cron's minute takes long enough once.
@Suite(.sharedDatabase)
struct CronTests {
    @Test
    func `in its first minute cron runs each user's jobs as that user, and the crontab as shipped brings a backend up`()
        async throws
    {
        try await withPrivateService { service in
            // As it is installed: the program's prefix is where the configuration is found.
            for name in ["bin", "logs"] {
                try FileManager.default.createDirectory(
                    atPath: service.folder.appending(name).string, withIntermediateDirectories: false)
            }
            try FileManager.default.copyItem(
                atPath: service.command.path.string, toPath: service.folder.appending("bin/autoscale").string)
            let shipped = try shippedCrontab.replacing("/opt/autoscale", with: service.folder.string)
            let crontabs = ["root": "\(Self.seeing)\n\(shipped)", "nobody": Self.seeing]
            var process: ProcessTable.Identity?
            try await withPrivateCron(crontabs: crontabs) { cron in
                process = cron.process
                try await eventually("a run is over", within: .seconds(75)) {
                    guard cron.isRunning else { throw PrivateServerFailure("cron has ended") }
                    return try service.history.last() != nil
                }
                for user in crontabs.keys { try await expectJobs(of: cron, asUser: user) }
                try expectRun(of: service)
            }
            #expect(try !ProcessTable.isRunning(#require(process)))
        }
    }

    /// A job that writes what it sees of the world.
    private static let seeing = "* * * * * (id -un; pwd; echo $PATH; umask) >seen.new 2>&1; mv seen.new seen"

    private func expectJobs(of cron: PrivateCron, asUser user: String) async throws {
        let seen = cron.home(of: user).appending("seen").string
        try await eventually("the job of \(user) has run") { FileManager.default.fileExists(atPath: seen) }
        let text = try String(contentsOfFile: seen, encoding: .utf8)
        #expect(text == "\(user)\n\(cron.home(of: user))\n/usr/bin:/bin\n0022\n")
    }

    /// That it was good, and logged.
    private func expectRun(of service: PrivateService) throws {
        #expect(try service.history.last()?.exitStatus == 0)
        #expect(try service.served()?.count == 1)
        #expect(service.ask(times: 3) == [200, 200, 200])
        let log = try String(contentsOfFile: "\(service.folder)/logs/autoscale.log", encoding: .utf8)
        let lines = log.split(separator: "\n")
        #expect(lines.first?.hasSuffix("] Monitoring started") == true)
        #expect(lines.allSatisfy { $0.hasPrefix("[20") }, "\(log)")
        #expect(lines.last?.hasSuffix("] Active backends: 1") == true, "\(log)")
        #expect(try service.backends().count == 1)
    }

    private var shippedCrontab: String {
        get throws {
            let root = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
            return try String(contentsOfFile: root.appending("cron/autoscale.crontab").string, encoding: .utf8)
        }
    }
}
