/// The roles and tablespaces that must be there for a dump to be restored with owners and rights, read in its statements.
package struct NamedRoles: Equatable {
    package private(set) var roles: Set<String> = []
    package private(set) var tablespaces: Set<String> = []
    /// Those of policies and user mappings alone: all that a drill, which restores no owners and rights, needs.
    package private(set) var rolesOfPolicies: Set<String> = []

    /// Not roles: "GRANT" and "CREATE POLICY" in PostgreSQL's manual.
    private static let everybody: Set = ["PUBLIC", "CURRENT_USER", "CURRENT_ROLE", "SESSION_USER"]

    package init(_ script: SQLScript) {
        for statement in script.statements { read(statement.tokens) }
    }

    private mutating func read(_ tokens: [SQLScript.Token]) {
        let words = tokens.map(\.keyword)
        func names(after place: Int) -> [String] { Self.list(tokens[(place + 1)...]) }
        switch words.first ?? nil {
        case "ALTER":
            if words.starts(with: ["ALTER", "DEFAULT", "PRIVILEGES"]) {
                if let place = words.firstIndex(of: "ROLE") { roles.formUnion(names(after: place)) }
                if let place = words.lastIndex(where: { $0 == "TO" || $0 == "FROM" }) {
                    roles.formUnion(names(after: place))
                }
            } else if words.starts(with: ["ALTER", "ROLE"]), tokens.count > 2 {
                roles.formUnion(names(after: 1))
            } else if tokens.count >= 3, words[tokens.count - 3] == "OWNER", words[tokens.count - 2] == "TO" {
                roles.formUnion(names(after: tokens.count - 2))
            }
        case "GRANT", "REVOKE":
            if let place = words.lastIndex(where: { $0 == "TO" || $0 == "FROM" }) {
                roles.formUnion(names(after: place))
            }
        case "CREATE":
            if words.starts(with: ["CREATE", "POLICY"]), let place = words.firstIndex(of: "TO") {
                rolesOfPolicies.formUnion(names(after: place))
            } else if words.starts(with: ["CREATE", "USER", "MAPPING", "FOR"]) {
                rolesOfPolicies.formUnion(names(after: 3))
            } else if words.starts(with: ["CREATE", "DATABASE"]) {
                for place in tokens.indices.dropLast(2) where words[place] == "TABLESPACE" {
                    if let name = tokens[place + 2].identifier { tablespaces.insert(name) }
                }
            }
            roles.formUnion(rolesOfPolicies)
        case "SET" where tokens.count == 4 && words[1] == "DEFAULT_TABLESPACE":
            if let name = tokens[3].identifier, !name.isEmpty { tablespaces.insert(name) }
        default: break
        }
    }

    /// `a, "b"`, up to anything else.
    private static func list(_ tokens: ArraySlice<SQLScript.Token>) -> [String] {
        var names: [String] = []
        var rest = tokens
        while let token = rest.popFirst(), let name = token.identifier {
            if token.keyword.map({ !everybody.contains($0) }) ?? true { names.append(name) }
            guard rest.first?.bytes == [UInt8(ascii: ",")] else { break }
            rest.removeFirst()
        }
        return names
    }
}
