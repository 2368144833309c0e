import Foundation
import SeededRandom

/// A database as people have them: name, encoding, locale, owner, settings, rights and contents drawn from a seed.
package struct GeneratedDatabase: Sendable {
    package let name: String
    /// Beside the contents; roles are the server's.
    package let roles: [String]
    /// In `postgres`, before and after the contents.
    package let creation: [String]
    package let closing: [String]
    /// In the database itself.
    package let contents: [String]

    package static let encodings = ["UTF8", "SQL_ASCII", "LATIN1", "EUC_JP"]

    package init(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let mark = "\(seed)x\(UInt16.random(in: .min ... .max))"
        let encoding = Self.encodings[Int(seed) % Self.encodings.count]
        name = random.pick(["Sh'op \"\(mark)\"", "-db=\(mark) x", "select \(mark);", "Ta\\b \(mark)", "$1 \(mark)"])
        let owner = "Ow\"ner \(mark)"
        let other = "database \(mark)"
        roles = [owner, other]
        let quoted = Self.quoted(name)
        var locale = "LC_COLLATE 'C' LC_CTYPE 'C'"
        if encoding == "UTF8", random.chance(70) {
            locale +=
                " LOCALE_PROVIDER icu ICU_LOCALE '\(random.pick(["und-u-ks-level2", "es-ES", "en-US-u-kn-true"]))'"
        }
        creation =
            roles.map { "CREATE ROLE \(Self.quoted($0)) LOGIN" } + [
                "CREATE DATABASE \(quoted) OWNER \(Self.quoted(owner)) TEMPLATE template0 ENCODING '\(encoding)' \(locale)"
            ]
        let settings = [
            "ALTER DATABASE \(quoted) SET search_path = 'My Schema', public",
            "ALTER DATABASE \(quoted) SET timezone = 'Europe/Madrid'",
            "ALTER DATABASE \(quoted) SET statement_timeout = '1ms'",
            "ALTER DATABASE \(quoted) SET default_transaction_read_only = on",
            "ALTER DATABASE \(quoted) SET lock_timeout = '1ms'",
            "ALTER DATABASE \(quoted) SET row_security = on",
            "ALTER DATABASE \(quoted) SET datestyle = 'German'",
            "ALTER DATABASE \(quoted) SET app.tenant = 'it''s \\ x'",
            "ALTER ROLE \(Self.quoted(other)) IN DATABASE \(quoted) SET work_mem = '5MB'",
            "ALTER DATABASE \(quoted) CONNECTION LIMIT \(random.below(50))",
            "ALTER DATABASE \(quoted) IS_TEMPLATE true",
            "REVOKE CONNECT ON DATABASE \(quoted) FROM PUBLIC",
            "GRANT CREATE ON DATABASE \(quoted) TO \(Self.quoted(other)) WITH GRANT OPTION",
            "COMMENT ON DATABASE \(quoted) IS 'ON DATABASE shop; it''s \\ x'",
        ]
        closing = settings.filter { _ in random.chance(60) }
        contents = Self.contents(encoding, owner: Self.quoted(owner), other: Self.quoted(other), &random)
    }

    private static func contents(
        _ encoding: String, owner: String, other: String, _ random: inout SplitMix64
    ) -> [String] {
        let word = ["UTF8": "ñandú 東", "LATIN1": "ñandú", "EUC_JP": "東京"][encoding] ?? "plain"
        // SQL_ASCII takes any byte: text that is no UTF-8, in a value and in a table's name.
        let value = encoding == "SQL_ASCII" ? "E'caf\\xe9 ' || i" : "'\(word) ' || i"
        var all = [
            "CREATE SCHEMA \"My Schema\" AUTHORIZATION \(owner)",
            "CREATE TABLE \"My Schema\".\"\(word)\"\"t\"(id serial, note text, twice int GENERATED ALWAYS AS (id * 2) STORED)",
            "INSERT INTO \"My Schema\".\"\(word)\"\"t\"(note) SELECT \(value) FROM generate_series(1, \(random.below(300))) i",
            "ALTER TABLE \"My Schema\".\"\(word)\"\"t\" OWNER TO \(owner)",
            "SELECT setval('\"My Schema\".\"\(word)\"\"t_id_seq\"', \(1000 + random.below(1000)))",
            "CREATE TABLE parts(i int, at date) PARTITION BY LIST (i)",
            "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES IN (1); CREATE TABLE parts_2 PARTITION OF parts DEFAULT",
            "INSERT INTO parts SELECT i % 3, '2024-01-01' FROM generate_series(1, 30) i",
            "CREATE TABLE base(x int); CREATE TABLE heir() INHERITS (base); INSERT INTO heir VALUES (1), (2)",
            "CREATE VIEW looks AS SELECT 'COPY public.base (x) FROM stdin;'::text AS t",
            "CREATE MATERIALIZED VIEW seen AS SELECT count(*) AS n FROM base",
        ]
        let further = [
            "CREATE TABLE ruled(i int); INSERT INTO ruled VALUES (1), (2); ALTER TABLE ruled ENABLE ROW LEVEL SECURITY; ALTER TABLE ruled FORCE ROW LEVEL SECURITY; CREATE POLICY p ON ruled TO \(other) USING (false)",
            "CREATE EXTENSION hstore; CREATE TABLE h(h hstore); INSERT INTO h VALUES ('a=>1')",
            "CREATE EXTENSION citext; CREATE TABLE c(c citext UNIQUE); INSERT INTO c VALUES ('A')",
            "CREATE EXTENSION pg_trgm; CREATE INDEX ON parts_1 USING btree (at)",
            "CREATE PUBLICATION p FOR TABLE base",
            "SELECT lo_from_bytea(4242, '\\x00ff')",
            "ALTER DEFAULT PRIVILEGES FOR ROLE \(owner) GRANT SELECT ON TABLES TO \(other)",
            "GRANT SELECT ON base TO \(other) WITH GRANT OPTION; GRANT SELECT ON base TO PUBLIC",
            "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $x$ SELECT 'x; OWNER TO nobody;' $x$",
            "CREATE TYPE mood AS ENUM ('sad', 'it''s'); CREATE DOMAIN d AS text CHECK (value <> ''); CREATE TABLE u(m mood, d d)",
        ]
        if encoding == "UTF8" {
            all.append("CREATE EXTENSION postgis; CREATE TABLE places AS SELECT st_point(1, 2) AS p")
        }
        return all + further.filter { _ in random.chance(60) }
    }

    package static func quoted(_ name: String) -> String {
        "\"" + name.replacingOccurrences(of: "\"", with: "\"\"") + "\""
    }
}
