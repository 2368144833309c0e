extension LargeInput {
    /// Every shape for every parser.
    package static let all = FuzzedParser.allCases.flatMap { parser in
        parser.frames.flatMap { opening, closing in
            pieces.map { name, piece in LargeInput(parser, name, after: opening, before: closing, .repeated(piece)) }
        } + LargeInput.entries(of: parser)
    }

    /// Two, for a test that has little time: what a right one has many of, and letters with so many accents that comparing
    /// them takes hours.
    package static func hardest(for parser: FuzzedParser) -> [LargeInput] {
        let accents = parser.frames.suffix(1).map { opening, closing in
            LargeInput(parser, "accents", after: opening, before: closing, .repeated(Array("\u{301}\u{316}".utf8)))
        }
        return accents + entries(of: parser).prefix(1)
    }

    private static let pieces: [(String, [UInt8])] =
        "\n\t\0 :.,;=/\\\"'#$[{()%-a0".map { ("\(String($0).debugDescription)", Array(String($0).utf8)) } + [
            ("CR LF", [0x0D, 0x0A]),
            ("flags", Array("\u{1F1E9}\u{1F1EA}".utf8)),
            ("accents on one letter", Array("\u{301}".utf8)),
            ("accents above and below", Array("\u{301}\u{316}".utf8)),
            ("joined emoji", Array("\u{1F469}\u{200D}".utf8)),
            ("bytes that are not UTF-8", [0xFF]),
            ("characters cut off", [0xF0, 0x9F]),
            ("nested objects", Array(#"{"a":["#.utf8)),
            ("short lines", Array("a\n".utf8)),
            ("empty objects", Array("{}\n".utf8)),
        ]

    /// Entries that are right, or nearly.
    private static func entries(of parser: FuzzedParser) -> [LargeInput] {
        func lines(
            _ shape: String, after opening: String = "", before closing: String = "",
            _ entry: @escaping @Sendable (Int) -> String
        ) -> LargeInput {
            LargeInput(parser, shape, after: opening, before: closing, .counted(entry))
        }
        return switch parser {
        case .configuration:
            [
                lines("unknown keys") { "KEY_\($0)=value # comment\n" },
                lines("misspelt keys") { "CONNECTIONS_MAXX\($0 % 10)\($0 / 10)=1\n" },
                lines("the same key") { _ in "SERVICE=app\n" },
                lines("quoted values") { "K\($0)='a \"b\" c' # d\n" },
                lines("open quotes") { "K\($0)='a\n" },
                lines("commands", after: "BACKEND_COMMAND=") { _ in #"'a b' "c" \d "# },
                lines("variables", after: "LB_METHOD=hash ") { _ in "$a" },
            ]
        case .commandWords: [lines("words") { _ in #"'a b' "c\"d" \e "# }]
        case .serverAddress: [lines("groups", after: "[", before: "]:80") { _ in "ab12:" }]
        case .balancingMethod: [lines("variables", after: "hash ", before: " consistent") { "$v\($0)" }]
        case .dockerAddress: [lines("labels", after: "tcp://", before: ":2375") { _ in "host." }]
        case .dockerVersion: [lines("numbers") { _ in "1.41." }]
        case .dockerList:
            [
                lines("containers", after: "[", before: "\(container(0))]") { "\(container($0 + 1)),\n" },
                lines("labels", after: labels, before: #""z":""}}]"#) { #""k\#($0)":"v","# },
                lines("ports", after: ports, before: #"{"PrivatePort":1}]}]"#) { _ in
                    #"{"IP":"::","PrivatePort":3000},"#
                },
            ]
        case .dockerInspection:
            [
                lines("fields", after: "{", before: #""State":{"Running":true,"Pid":1}}"#) { #""k\#($0)":{"a":[1]},"# }
            ]
        case .upstreamFile: [lines("servers") { "server 10.0.\($0 / 250 % 250).\($0 % 250):80 max_fails=3;\n" }]
        case .upstreamStatus:
            [
                lines("servers", after: #"{"generation":"00","servers":["#, before: #""127.0.0.1:1"]}"#) {
                    #""10.\#($0 >> 16 & 255).\#($0 >> 8 & 255).\#($0 & 255):80","#
                }
            ]
        case .stateFile:
            [
                lines(
                    "backends",
                    after: #"{"version":1,"service":"app","history":{"streak":{"up":0,"down":0},"backends":{"#,
                    before: #""z":{"wasReady":true,"unhealthyRuns":0,"isReplaced":false,"isAdopted":false}}}}"#
                ) {
                    """
                    "app_backend_\($0)":{"wasReady":true,"startingSince":{"wall":1,"sinceBoot":1,"boot":"b"},\
                    "unhealthyRuns":0,"isReplaced":false,"isAdopted":false},

                    """
                },
                lines("unknown keys", after: #"{"version":1,"#, before: #""service":"app"}"#) { #""k\#($0)":1,"# },
            ]
        case .history:
            [
                lines("runs") { _ in record(verdict: "hold") + "\n" },
                lines("runs of another kind") { _ in record(verdict: "sideways") + "\n" },
                lines("long runs of another kind") { _ in record(verdict: "sideways", backends: 80) + "\n" },
                lines("torn runs") { _ in record(verdict: "hold").dropLast() + "\n" },
                lines("backends", after: #"{"version":1,"backends":["#) { #"{"name":"b\#($0)","state":"ready"},"# },
            ]
        case .processorCounters:
            [lines("counters", after: "cpu ") { _ in "18 " }, lines("processors") { "cpu\($0) 1 2 3 4 5 6 7 8\n" }]
        case .memory: [lines("lines") { "MemTotal\($0):  16314052 kB\n" }]
        case .sockets:
            [
                lines("sockets", after: "  sl  local_address\n") {
                    "\($0): 0100007F:\(String(3000 + $0 % 9000, radix: 16)) 00000000:0000 0A 0:0 0:0 0 0 0 5\n"
                }
            ]
        case .processStatus: [lines("fields", after: "1 (a) S") { " \($0)" }]
        case .processEnvironment: [lines("variables") { "NAME_\($0)=value\0" }]
        case .postgresFailure: [lines("answers") { "server \($0): FATAL:  28000: no\nLOCATION:  a, b.c:1\n" }]
        case .reportedNumber: [lines("digits", before: ".5") { _ in "1234567890" }]
        case .httpReply:
            [
                lines("headers", after: "HTTP/1.1 200 OK\r\n", before: "\r\n") { "Header-\($0): value\r\n" },
                lines("chunks", after: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", before: "0\r\n\r\n") {
                    _ in "1\r\na\r\n"
                },
                lines("continues") { _ in "HTTP/1.1 100 Continue\r\n\r\n" },
            ]
        case .alertBook:
            [
                lines("entries", after: #"{"version":1,"entries":["#, before: "\(alert(0))]}") { "\(alert($0 + 1)),\n" }
            ]
        case .dockerContainerUse:
            [
                lines("containers", after: "[", before: "\(container(0))]") { "\(container($0 + 1)),\n" },
                lines("mounts", after: mounts, before: #"{"Type":"bind"}]}]"#) { #"{"Name":"volume_\#($0)"},"# },
            ]
        case .dockerImages:
            [
                lines("images", after: "[", before: "\(image(tags: ""))]") { "\(image(tags: #""app:\#($0)""#)),\n" },
                lines("tags", after: String(image(tags: "").dropLast(2)), before: #""a:1"]}]"#) { #""b/c:\#($0)","# },
            ]
        case .dockerVolumes:
            [
                lines("volumes", after: "[", before: #"{"Name":"z","Driver":"local"}]"#) {
                    #"{"Name":"v\#($0)","Driver":"local","Labels":null,"CreatedAt":"2024-01-15T14:30:05+01:00"},"#
                }
            ]
        case .dockerUsage:
            [
                lines("records", after: #"{"LayersSize":1,"BuildCache":["#, before: "\(cache)]}") { _ in cache + "," },
                lines("volumes", after: #"{"Volumes":["#, before: #"{"Name":"z"}]}"#) {
                    #"{"Name":"v\#($0)","UsageData":{"Size":5}},"#
                },
            ]
        case .historyDay:
            [
                lines("runs") { #"{"activeBackends":\#($0),"time":"2024-01-15T14:30:05Z","version":1}"# + "\n" },
                lines("digits", after: #"{"activeBackends":"#, before: "}") { _ in "1234567890" },
            ]
        case .storeAnswer:
            [
                lines("objects", after: "<ListBucketResult>", before: "</ListBucketResult>") {
                    "<Contents><Key>app/app_20240115_14300\($0).dump</Key><Size>\($0)</Size></Contents>"
                },
                lines("long keys", after: "<ListBucketResult>", before: "</ListBucketResult>") {
                    "<Contents><Key>\($0)\(String(repeating: "k", count: 1000))</Key></Contents>"
                },
                lines("entities", after: "<Key>", before: "</Key>") { _ in "&amp;&#43;" },
                lines("attributes", after: "<Key", before: "></Key>") { #" a\#($0)="b""# },
                lines("elements in elements") { _ in "<Key>" },
            ]
        case .storeCredentials: [lines("values", after: "[default]\n") { "key_\($0) = value\n" }]
        case .backupManifest:
            [
                lines("tables", after: manifest, before: #"{"schema":"public","name":"z","rows":1}]}"#) {
                    #"{"schema":"public","name":"table_\#($0)","rows":\#($0)},"#
                }
            ]
        case .backupName:
            [
                lines("words", before: "_20240115_143005") { "app_\($0)_" },
                lines("escapes", before: "_20240115_143005") { _ in "%ff" },
            ]
        case .dumpRows:
            [
                lines("rows", after: "COPY public.a (b) FROM stdin;\n") { "\($0)\tvalue\n" },
                lines("tables") { "COPY public.t\($0) (b) FROM stdin;\n1\n\\.\n" },
                lines("open statements") { "COPY public.t\($0) (\n" },
            ]
        }
    }

    private static func record(verdict: String, backends count: Int = 0) -> String {
        let backend = #"{"address":"127.0.0.1:3000","adopted":false,"name":"app_backend_1","state":"ready"}"#
        let backends = Array(repeating: backend, count: count).joined(separator: ",")
        return """
            {"backends":[\(backends)],"decision":{"limits":[],"reason":{"code":"within_limits","text":"x"},"verdict":"\(verdict)"},\
            "durationMilliseconds":1,"events":[],"exitStatus":0,"readings":{"cpu":{"value":45}},"service":"app",\
            "time":"2026-01-15T14:30:45Z","version":1}
            """
    }

    private static let labels = "[\(container(0).dropLast(2)),"
    private static let ports = #"[{"Id":"\#(id(0))","Created":1,"State":"running","Ports":["#

    private static let mounts = #"[{"Id":"\#(id(0))","Created":1,"State":"running","Mounts":["#

    /// With its tags as the last field.
    private static func image(tags: String) -> String {
        #"{"Id":"sha256:\#(id(0))","Created":1,"Size":1,"RepoDigests":["b/c@sha256:1"],"RepoTags":[\#(tags)]}"#
    }

    private static let cache = """
        {"InUse":false,"Shared":false,"Size":5,"CreatedAt":"2024-01-15T14:30:05.5Z","LastUsedAt":"2024-01-15T15:30:05Z"}
        """

    private static func alert(_ number: Int) -> String {
        """
        {"event":"back_off","subject":"backend \(number)","severity":"warning","text":"x","isOver":false,\
        "since":{"wall":1700000000,"sinceBoot":1,"boot":"b"},"told":{}}
        """
    }

    private static let manifest = """
        {"version":1,"database":"app","time":"2024-01-15T14:30:05Z","durationMilliseconds":1,\
        "dump":{"name":"app_20240115_143005.dump","bytes":123,"sha256":"00"},"isEncrypted":false,\
        "serverVersion":"15","dumpVersion":"15","tables":[
        """

    /// A container's id.
    private static func id(_ number: Int) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 64 - digits.count) + digits
    }

    private static func container(_ number: Int) -> String {
        """
        {"Id":"\(id(number))","Names":["/chat_backend_\(number)"],\
        "Created":1700000000,"State":"running","Ports":[{"IP":"127.0.0.1","PrivatePort":3000,"PublicPort":3001,\
        "Type":"tcp"}],"NetworkSettings":{"Networks":{"bridge":{"IPAddress":"172.17.0.2"}}},\
        "Labels":{"autoscale.service":"chat","autoscale.managed":"true","autoscale.port":"3001"}}
        """
    }
}

extension FuzzedParser {
    /// What a hostile text may stand between.
    fileprivate var frames: [(opening: String, closing: String)] {
        switch self {
        case .configuration:
            [
                ("", ""), ("DB_NAME=", ""), ("DB_NAME=\"", "\" # a"), ("BACKEND_COMMAND=", "\n"),
                ("LB_METHOD=hash $", ""),
                ("NGINX_STATUS_LISTEN=", ":80"),
            ]
        case .commandWords: [("", ""), ("a \"", "\""), ("a '", "'")]
        case .serverAddress: [("", ""), ("[", "]:80"), ("127.0.0.1:", "80")]
        case .balancingMethod: [("", ""), ("hash $", " consistent")]
        case .dockerAddress: [("", ""), ("unix:///", ""), ("tcp://", ":2375"), ("tcp://[", "]:2375")]
        case .dockerVersion: [("", ""), ("1.", "")]
        case .dockerList:
            [("", ""), (#"[{"Id":""#, #""}]"#), (#"[{"Names":[""#, #""]}]"#), (#"[{"Labels":{""#, #"":""}}]"#)]
        case .dockerInspection: [("", ""), (#"{"State":{"Pid":"#, "}}"), (#"{""#, #"":{}}"#)]
        case .upstreamFile: [("", ""), ("server ", " max_fails=3;")]
        case .upstreamStatus: [("", ""), (#"{"generation":""#, #""}"#), (#"{"generation":"1","servers":[""#, #""]}"#)]
        case .stateFile:
            [
                ("", ""), (#"{"version":1,"service":""#, #""}"#),
                (#"{"version":1,"history":{"backends":{""#, #"":{}}}}"#),
            ]
        case .history: [("", ""), (#"{"version":1,"time":""#, #""}"#)]
        case .processorCounters: [("", ""), ("cpu ", " 1 1 1 1"), ("cpu 1 1 1 1 ", "\n")]
        case .memory: [("", ""), ("MemTotal: ", " kB\n")]
        case .sockets: [("", ""), ("\n0: ", " 0:0 0A 0 0"), ("\n0: ", ":01BB 0:0 0A 0 0")]
        case .processStatus: [("", ""), ("1 (", ") S 1 1 1"), ("1 (a) ", " 1 1 1")]
        case .processEnvironment: [("", ""), ("A=", "\0"), ("", "=A\0")]
        case .postgresFailure: [("", ""), ("a:  53300: ", "\n")]
        case .reportedNumber: [("", ""), ("1.", "")]
        case .httpReply:
            [
                ("", ""), ("HTTP/1.1 200 OK\r\n", "\r\n"), ("HTTP/1.1 200 OK\r\nApi-Version: ", "\r\n\r\n"),
                ("HTTP/1.1 200 OK\r\n\r\n", ""),
            ]
        case .alertBook: [("", ""), (#"{"entries":[{"event":"test","subject":""#, #""}]}"#)]
        case .dockerContainerUse: [("", ""), (#"[{"Image":""#, #""}]"#), (#"[{"Labels":{""#, #"":""}}]"#)]
        case .dockerImages: [("", ""), (#"[{"Id":""#, #""}]"#), (#"[{"Labels":{""#, #"":""}}]"#)]
        case .dockerVolumes: [("", ""), (#"[{"Name":""#, #""}]"#), (#"[{"Name":"a","CreatedAt":""#, #""}]"#)]
        case .dockerUsage: [("", ""), (#"{"Volumes":[{"Name":""#, #""}]}"#)]
        case .historyDay: [("", ""), (#"{"activeBackends":"#, #","time":"2024-01-15T14:30:05Z"}"#)]
        case .storeAnswer: [("", ""), ("<Key>", "</Key>"), ("<Key a=\"", "\"/>"), ("<?xml ", "?><Key/>")]
        case .storeCredentials: [("", ""), ("[", "]\nkey = value\n"), ("[default]\nkey = ", "\n")]
        case .backupManifest: [("", ""), (#"{"database":""#, #""}"#)]
        case .backupName: [("", ""), ("app", "_20240115_143005")]
        case .dumpRows: [("", ""), ("COPY ", " FROM stdin;\n"), ("COPY public.\"", "\" (a) FROM stdin;\n")]
        }
    }
}
