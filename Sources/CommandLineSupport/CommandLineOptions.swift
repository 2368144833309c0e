package import ArgumentParser
package import Decisions
import FoundationEssentials
import Host
import Logging
import Reporting
package import Settings
import SystemPackage

/// What every command takes.
package struct ConfigurationOptions: ParsableArguments {
    @Option(
        name: .customLong("config"),
        help: ArgumentHelp(.configFile, value: .file))
    package var file: String?

    package init() {}

    /// For commands that look.
    /// - Throws: `ExitCode`, after the reasons were printed on standard error.
    package func load() throws -> Configuration {
        do throws(ConfigurationError) {
            return try loaded()
        } catch {
            StandardError.print(error.sentence(in: language))
            throw ExitCode(ExitStatus(error).rawValue)
        }
    }

    /// For commands that cron starts: the reasons have a time before them, and are told to the receivers that the last good
    /// configuration names.
    /// - Throws: `ConfigurationError`, after that.
    package func load(for command: ToolCommand) async throws(ConfigurationError) -> Configuration {
        do throws(ConfigurationError) {
            return try loaded()
        } catch {
            let logger = LineLogHandler.logger(.standardError)
            for line in error.sentence(in: language).split(separator: "\n") { logger.error("\(line)") }
            let environment = ProcessInfo.processInfo.environment
            if let lastGood = LastGoodConfiguration.find(
                named: file, environment: environment, executable: Self.executable)
            {
                let problems = await AlertDispatch(lastGood, for: command).tellOfBadConfiguration(error)
                for problem in problems { logger.error("\(problem)") }
            }
            throw error
        }
    }

    /// The same for commands whose exit status is one of the table.
    package func loadForRun(_ command: ToolCommand) async throws -> Configuration {
        do throws(ConfigurationError) {
            return try await load(for: command)
        } catch {
            throw ExitCode(ExitStatus(error).rawValue)
        }
    }

    /// Of what is said while there is no configuration.
    package var language: Language {
        Configuration.language(
            named: file, environment: ProcessInfo.processInfo.environment, executable: Self.executable)
    }

    /// Root that runs somebody else's installation by hand becomes that user: the file names commands.
    private func loaded() throws(ConfigurationError) -> Configuration {
        let configuration = try Configuration.load(
            named: file, environment: ProcessInfo.processInfo.environment, executable: Self.executable)
        guard let author = configuration.author else { return configuration }
        do throws(Errno) {
            // The owner of the state folder, as whom backends start, is the author: any other author is refused.
            let user = try UserIdentity(actingFor: configuration.places.folder)
            guard let user, user.uid == author else { throw Errno.notPermitted }
            try user.become()
        } catch {
            throw .unreadable(path: configuration.path.string, detail: "root can't run as uid \(author): \(error)")
        }
        return configuration
    }

    /// The running program, links resolved: readlink(2) of `/proc/self/exe`.
    static var executable: FilePath {
        FilePath((try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "/")
    }
}
