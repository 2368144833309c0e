import Foundation
package import SystemPackage

/// gunicorn with setproctitle: it loads the application, then writes its title over its environment.
package enum PrivateGunicorn {
    /// The program, made by `Tests/gunicorn/prepare` where it is not there yet.
    package static func program(isolation: isolated (any Actor)? = #isolation) async throws -> FilePath {
        let root = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
        let making = try RunningProcess(
            root.appending("Tests/gunicorn/prepare"), environment: ProcessInfo.processInfo.environment)
        defer { making.end() }
        let prepared = try await making.output(within: .seconds(900))
        guard prepared.status == 0 else { throw PrivateServerFailure("gunicorn is missing: \(prepared.stderr)") }
        return root.appending(".run/gunicorn/bin/gunicorn")
    }
}
