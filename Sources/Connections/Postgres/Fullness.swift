/// What a refused connection says of being full: of the server, of a pooler in front of it, or of one role alone.
///
/// A server says it by SQLSTATE 53300, in any language. A pooler has a code of its own for everything (PgBouncer: 08P01),
/// also for a server's refusal that it passes on; then only the words tell.
enum Fullness {
    case all
    /// A role's own `CONNECTION LIMIT`: others may still connect.
    case role

    /// too_many_connections, appendix A of PostgreSQL's manual.
    static let tooManyConnections = "53300"

    /// - Parameter function: the place in the server's source, which no language changes; `nil` where it is not known.
    init?(sqlState: String, message: String, function: String? = nil) {
        let text = message.lowercased()
        if sqlState == Self.tooManyConnections {
            // The limit of a role is looked up here, all others elsewhere.
            let isOfRole = function == "InitializeSessionUserId" || Self.roleWords.contains(where: text.contains)
            self = isOfRole ? .role : .all
        } else if ["08", "53", "57", "58", "XX"].contains(String(sqlState.prefix(2))) {
            if Self.roleWords.contains(where: text.contains) {
                self = .role
            } else if (Self.poolerWords + Self.serverWords).contains(where: text.contains) {
                self = .all
            } else {
                return nil
            }
        } else {
            return nil
        }
    }

    /// PgBouncer's, Odyssey's, Supavisor's.
    private static let poolerWords = [
        "no more connections allowed", "query_wait_timeout", "too many tcp connections", "too many client connections",
        "max client connections reached", "max clients reached", "maxclientsinsessionmode",
    ]

    /// PostgreSQL's, in the languages that it is shipped with (postgres.po): of the last slot, of the reserved ones, of
    /// the limit of a database.
    private static let serverWords = [
        "too many clients", "remaining connection slots", "too many connections for database",
        "schon zu viele verbindungen", "die verbleibenden verbindungen sind", "zu viele verbindungen für datenbank",
        "ya tenemos demasiados clientes", "las conexiones restantes están reservadas",
        "demasiadas conexiones para la base de datos", "trop de clients sont déjà connectés",
        "les emplacements de connexions restants", "trop de connexions pour la base de données",
        "troppi client già connessi", "i rimanenti slot di connessione", "troppe connessioni al database",
        "現在クライアント数が多すぎます", "残りの接続スロットは", "への接続が多すぎます", "უკვე მეტისმეტად ბევრი კლიენტია",
        "ძალიან ბევრი კავშირი ბაზისთვის", "최대 동시 접속자 수를 초과했습니다", "남은 연결 슬롯은", "데이터베이스 최대 접속수를 초과했습니다",
        "уже слишком много клиентов", "оставшиеся слоты подключений", "слишком много подключений к бд",
        "för många klienter",
        "resterande anslutningsslottar", "för många uppkopplingar till databasen", "вже забагато клієнтів",
        "слоти підключень, які залишились", "занадто багато підключень до бази даних", "已经有太多的客户", "已保留的连接位置",
        "的连接太多了",
    ]

    private static let roleWords = [
        "too many connections for role", "zu viele verbindungen von rolle", "demasiadas conexiones para el rol",
        "trop de connexions pour le rôle", "troppe connessioni per il ruolo", "からの接続が多すぎます",
        "მეტისმეტად ბევრი კავშირი როლისთვის", "롤의 최대 동시 접속수를 초과했습니다", "слишком много подключений для роли",
        "för många uppkopplingar för roll", "занадто багато підключень для ролі", "发起的连接太多了",
    ]
}
