import ArgumentParser
package import Logging

/// Log lines on standard output, or one report object there and the lines on standard error.
package struct ReportOutput: ParsableArguments {
    @Flag(name: .customLong("json"), help: ArgumentHelp(.jsonWithLog))
    package var printsJSON = false

    package init() {}

    package var logger: Logger { LineLogHandler.logger(printsJSON ? .standardError : .standardOutput) }

    /// - Parameter text: what is printed in the place of the object where it is not asked for.
    /// - Throws: `ExitCode` for any other status than 0.
    package func finish(_ report: some Encodable, exitStatus: Int32, text: String? = nil) throws {
        if printsJSON {
            StandardOutput.printJSON(report)
        } else if let text {
            StandardOutput.print(text)
        }
        if exitStatus != 0 { throw ExitCode(exitStatus) }
    }
}
