import Connections
import Decisions
import Fleet
import Host

extension CheckObstacle {
    var english: String {
        switch self {
        case .file(let failure): failure.sentence(in: .english)
        case .site(let failure): failure.english
        case .database(let failure): failure.english
        case .roleFull(let says): MissingReason.roleFull(says).sentence(in: .english)
        case .fleet(let failure): failure.sentence(in: .english)
        case .nginx(let answer): "NGINX shows \(answer.english)"
        case .noCertificate: "no certificate was seen"
        case .noFileSystem: "no file system could be looked at"
        case .unexpectedRows(let columns, let rows): "pg_stat_database answered \(rows) rows of \(columns) columns"
        case .silence(let time): "no answer within \(time.inSeconds)"
        case .threads(let failure): failure.description
        case .processes(let errno): "/proc: \(errno)"
        }
    }
}
