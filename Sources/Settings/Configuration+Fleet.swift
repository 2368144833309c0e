import Decisions

extension ConfigurationSection {
    static let fleet = ConfigurationSection(
        Words("How many, how fast", "Cuántos y con qué ritmo"),
        keys: [.minimumBackends, .maximumBackends, .scaleUpCooldown, .scaleDownCooldown, .upSamples, .downSamples])
}

extension ConfigurationKey {
    static let minimumBackends = Key(
        "MIN_BACKENDS", .integer(1...1000), default: "1",
        "Fewer than this are filled up at once, whatever the readings say; not above `MAX_BACKENDS`. Starting backends count, draining ones do not.",
        "Si hay menos, se completan enseguida, digan lo que digan las lecturas; no mayor que `MAX_BACKENDS`. Los que arrancan cuentan; los que se drenan, no."
    )
    static let maximumBackends = Key(
        "MAX_BACKENDS", .integer(1...1000), default: "10",
        "Never more than this. More than this are taken down, one a run. Check the database before you raise it: backends times connections a backend must fit into its `max_connections`.",
        "Nunca más que esto. Si hay más, se quitan, uno por ejecución. Mire la base de datos antes de subirlo: backends por conexiones de cada uno deben caber en su `max_connections`."
    )
    static let scaleUpCooldown = Key(
        "SCALE_UP_COOLDOWN", .seconds(0...86400), default: "60",
        "From the start of the run that made the last step, in either direction, to the next step up. A tick up to 5 s early is let through.",
        "Desde el comienzo de la ejecución que dio el último paso, en cualquier sentido, hasta el siguiente paso hacia arriba. Un tic hasta 5 s antes se acepta."
    )
    static let scaleDownCooldown = Key(
        "SCALE_DOWN_COOLDOWN", .seconds(0...86400), default: "60",
        "The same before a step down.",
        "Lo mismo antes de un paso hacia abajo.")
    static let upSamples = Key(
        "UP_SAMPLES", .integer(1...1000), default: "1",
        "Runs in a row that must ask for a step up before it is taken.",
        "Ejecuciones seguidas que deben pedir un paso hacia arriba antes de darlo.")
    static let downSamples = Key(
        "DOWN_SAMPLES", .integer(1...1000), default: "1",
        "The same for a step down. More than for a step up makes a fleet calmer.",
        "Lo mismo para un paso hacia abajo. Más que hacia arriba da una flota más tranquila.")
}

extension Configuration {
    static func scaling(_ reader: inout ConfigurationReader, metrics: [Metric]) -> ScalingPolicy {
        let bands = bands(&reader, of: metrics)
        let scope = reader[.connectionsScope]
        let (minimum, maximum) = (reader[.minimumBackends], reader[.maximumBackends])
        if minimum > maximum {
            reader.contradiction(.above(.minimumBackends, "\(minimum)", than: .maximumBackends, "\(maximum)"))
        }
        return ScalingPolicy(
            bands: bands, connectionsScope: scope, backends: min(minimum, maximum)...maximum,
            upCooldown: reader[.scaleUpCooldown], downCooldown: reader[.scaleDownCooldown],
            upSamples: reader[.upSamples], downSamples: reader[.downSamples])
    }
}
