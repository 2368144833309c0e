import Backups
import Host
import Testing

@Suite("Statements about a database are read as PostgreSQL writes them")
struct DatabaseDefinitionTests {
    private static let text = #"""
        -- a comment; with "a quote
        \restrict Abc
        SET client_encoding = 'UTF8';
        SET standard_conforming_strings = on;
        CREATE DATABASE "sh'o""p" WITH TEMPLATE = template0 ENCODING = 'EUC_JP' LOCALE = 'C' TABLESPACE = "fa st";
        ALTER DATABASE "sh'o""p" OWNER TO database;
        \connect -reuse-previous=on "dbname='sh\'o""p'"
        COMMENT ON DATABASE "sh'o""p" IS 'ALTER DATABASE x; it''s \';
        ALTER DATABASE "sh'o""p" CONNECTION LIMIT = 40;
        ALTER DATABASE "sh'o""p" SET search_path TO 'a;b', E'c\';d';
        ALTER ROLE database IN DATABASE "sh'o""p" SET work_mem TO '5MB';
        SECURITY LABEL FOR selinux ON DATABASE "sh'o""p" IS 'x';
        GRANT CONNECT ON DATABASE "sh'o""p" TO database;
        """#

    private var definition: DatabaseDefinition { DatabaseDefinition(SQLScript(Array(Self.text.utf8))) }

    @Test func `each has its place and the other name, and nothing else of it changes`() {
        func renamed(_ statements: [SQLScript.Statement]) -> [String] {
            statements.map { DatabaseDefinition.renamed($0, to: #"n"w"#).text }
        }
        #expect(
            renamed(definition.settings) == [
                #"COMMENT ON DATABASE "n""w" IS 'ALTER DATABASE x; it''s \'"#,
                #"ALTER DATABASE "n""w" SET search_path TO 'a;b', E'c\';d'"#,
                #"ALTER ROLE database IN DATABASE "n""w" SET work_mem TO '5MB'"#,
                #"SECURITY LABEL FOR selinux ON DATABASE "n""w" IS 'x'"#,
            ])
        #expect(
            renamed(definition.closing) == [
                #"ALTER DATABASE "n""w" OWNER TO database"#,
                #"ALTER DATABASE "n""w" CONNECTION LIMIT = 40"#,
                #"GRANT CONNECT ON DATABASE "n""w" TO database"#,
            ])
        #expect(definition.preparation.count == 2 && definition.encoding == "EUC_JP")
        #expect(definition.tablespace == "fa st")
        #expect(
            definition.creation(as: "x", onItsTablespace: false)?.text
                == #"CREATE DATABASE "x" WITH TEMPLATE = template0 ENCODING = 'EUC_JP' LOCALE = 'C'"#)
    }

    @Test func `roles are those that statements name, not those in texts and bodies`() {
        let names = NamedRoles(
            SQLScript(
                Array(
                    #"""
                    ALTER TABLE public.t OWNER TO "o ""1";
                    GRANT SELECT ON TABLE public.t TO a WITH GRANT OPTION;
                    REVOKE ALL ON TABLE public.t FROM PUBLIC;
                    CREATE POLICY p ON public.t FOR SELECT TO b, "c,d" USING ((x = 'TO nobody'));
                    CREATE FUNCTION f() RETURNS text AS $_$ ALTER TABLE t OWNER TO nobody; $_$;
                    ALTER DEFAULT PRIVILEGES FOR ROLE e IN SCHEMA public GRANT SELECT ON TABLES TO g;
                    CREATE USER MAPPING FOR h SERVER s OPTIONS (user 'nobody');
                    SET default_tablespace = '';
                    SET default_tablespace = fast;
                    """#.utf8)))
        #expect(names.roles == ["o \"1", "a", "b", "c,d", "e", "g", "h"])
        #expect(names.rolesOfPolicies == ["b", "c,d", "h"])
        #expect(names.tablespaces == ["fast"])
    }

    @Test("any bytes are kept and come back", arguments: [true, false])
    func rawText(_ isUTF8: Bool) {
        for bytes in [
            Array("plain".utf8), Array("ñ東".utf8), [0x63, 0xE9], Array("\u{F7E9}".utf8), [0xFF, 0x22, 0x80],
        ] {
            let text = RawText.string(bytes, isUTF8: isUTF8)
            #expect(RawText.bytes(text) == bytes)
        }
        #expect(RawText.readable(RawText.string([0x63, 0xE9], isUTF8: true)) == "c\\xE9")
    }

    @Test func `text that is cut anywhere does no harm`() {
        let bytes = Array(Self.text.utf8) + Array("$a$ $b $a".utf8)
        for end in 0...bytes.count { _ = DatabaseDefinition(SQLScript(Array(bytes[..<end]))) }
    }

    @Test func `a drill's list has no event trigger, and no policy where its role is missing`() {
        let list = """
            ; Archive created at 2026-11-25 21:01:13 UTC
            3340; 0 16387 TABLE DATA public EVENT TRIGGER postgres
            3338; 3256 16390 POLICY public t p postgres
            12; 3466 16391 EVENT TRIGGER - no postgres
            """
        func kept(_ withoutRoles: Bool) -> [String] {
            String(decoding: DrillContents.list(Array(list.utf8), withoutRoles: withoutRoles), as: UTF8.self)
                .split(separator: "\n").map { String($0.prefix(4)) }
        }
        #expect(kept(false) == ["; Ar", "3340", "3338"])
        #expect(kept(true) == ["; Ar", "3340"])
    }
}
