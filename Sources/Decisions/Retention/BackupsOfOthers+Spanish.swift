extension BackupsOfOthers {
    package var spanish: String {
        switch relation {
        case .own: "copias de este servicio: \(count)"
        case .unproven where origin.service == nil:
            "copias de la base \(origin.database) cuyo manifiesto no nombra un servicio: \(count), cuentan y nunca se eliminan; si son de este servicio, ejecute: backup claim"
        case .unproven:
            "copias de la base \(origin.database) cuyo servidor no se puede comparar con el de hoy: \(count), cuentan y no se eliminan"
        case .former:
            "copias de este servicio, base \(origin.database) en \(origin.server.map { "el servidor \($0)" } ?? "un servidor sin identificador"), que no es la de hoy: \(count), no se tocan"
        case .foreign:
            if let service = origin.service {
                "copias del servicio \(service), base \(origin.database): \(count), no se tocan"
            } else {
                "copias de la base \(origin.database), que no es de este servicio: \(count), no se tocan"
            }
        }
    }
}
