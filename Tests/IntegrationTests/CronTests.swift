import Fleet
import Foundation
import SystemPackage
import TestSupport
import Testing

/// The shipped crontab in a real cron.
@Suite(.sharedDatabase)
struct CronTests {
    @Test func `the crontab as shipped brings a backend up within its first minute, and logs every run`() async throws {
        try await withPrivateService { service in
            // As it is installed: the program's prefix is where the configuration is found.
            for name in ["bin", "logs"] {
                try FileManager.default.createDirectory(
                    atPath: service.folder.appending(name).string, withIntermediateDirectories: false)
            }
            try FileManager.default.copyItem(
                atPath: service.command.path.string, toPath: service.folder.appending("bin/autoscale").string)
            let crontab = try shippedCrontab.replacing("/opt/autoscale", with: service.folder.string)
            try await withPrivateCron(crontab: crontab) { cron in
                try await eventually("a run is over", within: .seconds(75)) {
                    guard cron.isRunning else { throw PrivateServerFailure("cron has ended") }
                    return try service.history.last() != nil
                }
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
        }
    }

    private var shippedCrontab: String {
        get throws {
            let root = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
            return try String(contentsOfFile: root.appending("cron/autoscale.crontab").string, encoding: .utf8)
        }
    }
}
