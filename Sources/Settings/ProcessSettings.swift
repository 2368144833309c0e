package import Host

/// What only plain processes have.
package struct ProcessSettings: Sendable {
    package let command: CommandWords

    static let keys: [ConfigurationKey] = [.backendCommand]

    /// `nil` where no command is set: no backend could be started.
    init?(_ reader: inout ConfigurationReader) {
        guard let command = reader[.backendCommand] else { return nil }
        self.command = command
    }
}

extension ConfigurationKey {
    static let backendCommand = Key(
        "BACKEND_COMMAND", .command, example: "'/usr/bin/node /opt/chat/server.js'",
        "process: what is started, as the owner of `STATE_FILE`'s folder; required there. It stays in the foreground, listens on `127.0.0.1:$PORT`, reads `$PORT` from its environment, and ends on SIGTERM.",
        "process: lo que se arranca, como el dueño de la carpeta de `STATE_FILE`; allí es obligatorio. Se queda en primer plano, escucha en `127.0.0.1:$PORT`, lee `$PORT` de su entorno y termina con SIGTERM."
    )
}
