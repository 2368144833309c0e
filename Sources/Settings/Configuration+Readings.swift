import Decisions

extension ConfigurationSection {
    static let readings = ConfigurationSection(
        Words("Readings and limits", "Lecturas y límites"),
        Words(
            "One backend more when any reading is above its MAX; one less when all readings are below their MIN. At a limit is neither.",
            "Un backend más cuando alguna lectura supera su MAX; uno menos cuando todas están por debajo de su MIN. En el límite, ninguna de las dos cosas."
        ),
        keys: [
            .metrics, .cpuMinimum, .cpuMaximum, .memoryMinimum, .memoryMaximum, .connectionsMinimum,
            .connectionsMaximum,
            .connectionsScope, .connectionsQuery,
        ])
}

extension ConfigurationKey {
    static let metrics = Key(
        "METRICS", .metrics, default: "cpu,memory,connections",
        "Which readings take part. One that is not named is not read and prints `n/a`.",
        "Qué lecturas participan. La que no se nombra no se lee y muestra `n/a`.")
    static let cpuMinimum = Key(
        "CPU_MIN", .limit(of: .cpu), default: "\(Metric.cpu.limits.lowerBound)",
        "Percent of all cores of the host, since the last run; below `CPU_MAX`.",
        "Porcentaje de todos los núcleos del host desde la última ejecución; menor que `CPU_MAX`.")
    static let cpuMaximum = Key(
        "CPU_MAX", .limit(of: .cpu), default: "\(Metric.cpu.limits.upperBound)",
        "Percent of all cores of the host, since the last run.",
        "Porcentaje de todos los núcleos del host desde la última ejecución.")
    static let memoryMinimum = Key(
        "MEMORY_MIN", .limit(of: .memory), default: "\(Metric.memory.limits.lowerBound)",
        "Percent of the host's memory that is not available (`MemAvailable`: page cache is available); below `MEMORY_MAX`. Beside a database on the same server memory seldom falls below 30, and then no step down is ever taken: raise it, or leave memory out of `METRICS`.",
        "Porcentaje de la memoria del host que no está disponible (`MemAvailable`: la caché de páginas está disponible); menor que `MEMORY_MAX`. Junto a una base de datos en el mismo servidor rara vez baja de 30, y entonces nunca se quita un backend: súbalo, o saque memory de `METRICS`."
    )
    static let memoryMaximum = Key(
        "MEMORY_MAX", .limit(of: .memory), default: "\(Metric.memory.limits.upperBound)",
        "Percent of the host's memory that is not available.",
        "Porcentaje de la memoria del host que no está disponible.")
    static let connectionsMinimum = Key(
        "CONNECTIONS_MIN", .limit(of: .connections), default: "\(Metric.connections.limits.lowerBound)",
        "Sessions at work in the database; below `CONNECTIONS_MAX`.",
        "Sesiones que trabajan en la base de datos; menor que `CONNECTIONS_MAX`.")
    static let connectionsMaximum = Key(
        "CONNECTIONS_MAX", .limit(of: .connections), default: "\(Metric.connections.limits.upperBound)",
        "Sessions at work in the database.",
        "Sesiones que trabajan en la base de datos.")
    static let connectionsScope = Key<ScalingPolicy.ConnectionsScope>(
        "CONNECTIONS_SCOPE", .choice, default: "total",
        "What the two limits above are compared with: the whole number, or the number divided by the backends that count. `per_backend` is better, because one backend more lowers it, and does not lower a total.",
        "Con qué se comparan los dos límites anteriores: el número entero, o el número dividido entre los backends que cuentan. `per_backend` es mejor, porque un backend más lo baja, y no baja un total.",
        page: "getting-started.md#limits-that-fit")
    static let connectionsQuery = Key(
        "CONNECTIONS_QUERY", .text, example: "'SELECT count(*) FROM active_connections'",
        "SQL that returns one row with one whole number, instead of the built-in query, which counts other client sessions in state `active`. It runs in a read-only transaction with 2 s at most.",
        "SQL que devuelve una fila con un número entero, en lugar de la consulta incorporada, que cuenta las demás sesiones de clientes en estado `active`. Se ejecuta en una transacción de solo lectura, con 2 s como mucho."
    )
}

extension Configuration {
    /// The bands of the metrics that take part; a low limit that is not below its high one is reported.
    static func bands(
        _ reader: inout ConfigurationReader, of metrics: [Metric]
    ) -> [Metric: ScalingPolicy.Band] {
        let limits: [(metric: Metric, low: Key<Quantity>, high: Key<Quantity>)] = [
            (.cpu, .cpuMinimum, .cpuMaximum), (.memory, .memoryMinimum, .memoryMaximum),
            (.connections, .connectionsMinimum, .connectionsMaximum),
        ]
        var bands: [Metric: ScalingPolicy.Band] = [:]
        for limit in limits {
            let (low, high) = (reader[limit.low], reader[limit.high])
            if low >= high { reader.contradiction(.notBelow(limit.low, low, than: limit.high, high)) }
            if metrics.contains(limit.metric) { bands[limit.metric] = .init(minimum: low, maximum: high) }
        }
        return bands
    }
}
