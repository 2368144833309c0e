import ArgumentParser
import AutoscaleCore
import CommandLineSupport
import Logging

/// Log lines on standard output, or one report object there and the lines on standard error.
struct BackupOutput: ParsableArguments {
    @Flag(
        name: .customLong("json"), help: "Print one report object on standard output, the log lines on standard error.")
    var printsJSON = false

    var logger: Logger { LineLogHandler.logger(printsJSON ? .standardError : .standardOutput) }

    func finish(_ report: some Encodable, exitStatus: Int32) throws {
        if printsJSON { StandardOutput.printJSON(report) }
        if exitStatus != 0 { throw ExitCode(exitStatus) }
    }
}
