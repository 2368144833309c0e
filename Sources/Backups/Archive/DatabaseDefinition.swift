import Connections

/// What a dump says of the database as a whole: what `pg_restore --create` would run, with another name in it.
///
/// Encoding, locale, owner, rights, settings, limit, comment and labels are PostgreSQL's own statements out of the
/// archive, not a list of ours: what a later version adds comes along.
package struct DatabaseDefinition {
    /// `SET client_encoding …` and the like, without which the rest can't be read.
    package let preparation: [SQLScript.Statement]
    /// `CREATE DATABASE …`; `nil` in an archive without one.
    package let creation: SQLScript.Statement?
    /// Settings, comment, labels: before the data, because views that are filled may need them.
    package let settings: [SQLScript.Statement]
    /// Owner, rights, limit, template: after the data, because they could lock out the one who restores.
    package let closing: [SQLScript.Statement]

    /// - Parameter script: of `pg_restore --create`, without anything that is in a schema.
    package init(_ script: SQLScript) {
        var preparation: [SQLScript.Statement] = []
        var creation: SQLScript.Statement?
        var settings: [SQLScript.Statement] = []
        var closing: [SQLScript.Statement] = []
        var owner: [SQLScript.Statement] = []
        for statement in script.statements {
            if statement.begins("CREATE", "DATABASE") {
                creation = statement
            } else if statement.begins("SET"), statement.tokens.count > 1 {
                let isNeeded = ["CLIENT_ENCODING", "STANDARD_CONFORMING_STRINGS"].contains(
                    statement.tokens[1].keyword)
                if isNeeded, !preparation.contains(statement) { preparation.append(statement) }
            } else if let place = Self.namePlace(in: statement) {
                let next = place + 1 < statement.tokens.count ? statement.tokens[place + 1].keyword : nil
                if statement.begins("ALTER", "DATABASE"), next == "OWNER" {
                    owner.append(statement)
                } else if statement.begins("GRANT") || statement.begins("REVOKE")
                    || (statement.begins("ALTER", "DATABASE") && next != "SET")
                {
                    closing.append(statement)
                } else {
                    settings.append(statement)
                }
            }
        }
        self.preparation = preparation
        self.creation = creation
        self.settings = settings
        self.closing = owner + closing
    }

    /// Where the database's name stands: behind `DATABASE`, which a role may be called, too, but not in that place.
    private static func namePlace(in statement: SQLScript.Statement) -> Int? {
        let tokens = statement.tokens
        for place in tokens.indices.dropLast() where tokens[place].keyword == "DATABASE" {
            let before = place > 0 ? tokens[place - 1].keyword : nil
            if tokens[place + 1].identifier != nil, ["ALTER", "CREATE", "ON", "IN"].contains(before) {
                return place + 1
            }
        }
        return nil
    }

    /// The statement about another database.
    package static func renamed(_ statement: SQLScript.Statement, to name: String) -> SQLScript.Statement {
        guard let place = namePlace(in: statement) else { return statement }
        var renamed = statement
        renamed.tokens[place] = SQLScript.Token(
            kind: .name, bytes: Array(SQLText.identifier(name).utf8), followsSpace: true)
        return renamed
    }

    /// - Parameter onItsTablespace: a drill's copy lies where the server's databases lie by default.
    package func creation(as name: String, onItsTablespace: Bool) -> SQLScript.Statement? {
        guard var statement = creation.map({ Self.renamed($0, to: name) }) else { return nil }
        if !onItsTablespace, let place = tablespacePlace(in: statement) {
            statement.tokens.removeSubrange((place - 2)...place)
        }
        return statement
    }

    /// `nil`: the server's default.
    package var tablespace: String? {
        creation.flatMap { statement in
            tablespacePlace(in: statement).flatMap { statement.tokens[$0].identifier }
        }
    }

    /// Of the name in `TABLESPACE = name`.
    private func tablespacePlace(in statement: SQLScript.Statement) -> Int? {
        let tokens = statement.tokens
        return tokens.indices.dropFirst(3).first { place in
            place >= 2 && tokens[place - 2].keyword == "TABLESPACE" && tokens[place - 1].bytes == [UInt8(ascii: "=")]
        }
    }

    /// `UTF8`, `SQL_ASCII`: the database's; `nil` where the archive does not say.
    package var encoding: String? {
        guard let tokens = creation?.tokens else { return nil }
        for place in tokens.indices.dropLast(2) where tokens[place].keyword == "ENCODING" {
            return String(decoding: tokens[place + 2].bytes.filter { $0 != UInt8(ascii: "'") }, as: UTF8.self)
        }
        return nil
    }
}
