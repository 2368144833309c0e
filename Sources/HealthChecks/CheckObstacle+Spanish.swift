import Connections
import Decisions
import Fleet
import Host

extension CheckObstacle {
    var spanish: String {
        switch self {
        case .file(let failure): failure.sentence(in: .spanish)
        case .site(let failure): failure.spanish
        case .database(let failure): failure.spanish
        case .roleFull(let says): MissingReason.roleFull(says).sentence(in: .spanish)
        case .fleet(let failure): failure.sentence(in: .spanish)
        case .nginx(let answer): "NGINX muestra \(answer.spanish)"
        case .noCertificate: "no se vio ningún certificado"
        case .noFileSystem: "no se pudo mirar ningún sistema de archivos"
        case .unexpectedRows(let columns, let rows):
            "pg_stat_database respondió \(rows) filas de \(columns) columnas"
        case .silence(let time): "sin respuesta en \(time.inSeconds)"
        case .threads(let failure): failure.description
        case .processes(let errno): "/proc: \(errno)"
        }
    }
}
