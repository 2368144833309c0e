import Decisions

/// Why PostgreSQL did not connect or did not answer.
///
/// Messages are one line without control characters, fit for a log; libpq puts no password into them.
package enum PostgresFailure: Error, Equatable {
    /// No slot is left: `max_connections`, the reserved ones, a limit of the database, or a pooler's own.
    case full(message: String)
    /// The role has reached its own `CONNECTION LIMIT`, which says nothing about others.
    case roleFull(message: String)
    /// Nobody answers there, or the connection broke; `detail` is libpq's own words.
    case unreachable(detail: String)
    /// It did not answer in time. The connection is of no more use.
    case timedOut(seconds: Double)
    /// The server wants a password and none was found.
    case passwordMissing(message: String)
    /// The server answered and let us not in: wrong password, no such database, still starting up …
    case rejected(sqlState: String, message: String)
    /// A statement failed.
    case failed(sqlState: String, message: String)
}

extension PostgresFailure: Catalogue, CustomStringConvertible {
    package var english: String {
        if case .timedOut(let seconds) = self { "no answer within \(seconds) s" } else { said }
    }

    package var spanish: String {
        if case .timedOut(let seconds) = self { "sin respuesta en \(seconds) s" } else { said }
    }

    /// The words of libpq or of the server, which have a language of their own (`lc_messages`).
    private var said: String {
        switch self {
        case .full(let message), .roleFull(let message), .passwordMissing(let message): message
        case .unreachable(let detail): detail
        case .timedOut: ""
        case .rejected(let sqlState, let message), .failed(let sqlState, let message): "\(message) (\(sqlState))"
        }
    }

    package var description: String { english }
}

extension PostgresFailure {
    /// Whether the server said who we are, or what we may, is the reason: classes 28 and 42501 of appendix A.
    package var isRefusal: Bool {
        switch self {
        case .passwordMissing: true
        case .rejected(let sqlState, _), .failed(let sqlState, _): sqlState.hasPrefix("28") || sqlState == "42501"
        case .full, .roleFull, .unreachable, .timedOut: false
        }
    }

    /// Reads the text of a connection that failed, written with `PQERRORS_VERBOSE`.
    ///
    /// libpq has no field for the SQLSTATE of such a failure; its verbose text has the form
    /// `… failed: FATAL:  53300: sorry, too many clients already`, and a line for the place in the server's source. The
    /// severity may be in any language. There can be several such lines (several hosts, or a second try without TLS):
    /// being full counts first, then the last one.
    package init(connectionText text: String) {
        var answers: [ServerAnswer] = []
        for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
            if let answer = ServerAnswer(line: Array(line)) {
                answers.append(answer)
            } else if let last = answers.indices.last, answers[last].function == nil {
                answers[last].function = Self.function(ofPlace: line)
            }
        }
        let fullness = answers.map {
            Fullness(sqlState: $0.sqlState, message: $0.message, function: $0.function)
        }
        if let index = fullness.firstIndex(of: .all) {
            self = .full(message: answers[index].message)
        } else if let index = fullness.firstIndex(of: .role) {
            self = .roleFull(message: answers[index].message)
        } else if let last = answers.last {
            self = .rejected(sqlState: last.sqlState, message: last.message)
        } else {
            self = .unreachable(detail: text.sentencesInOneLine)
        }
    }

    /// Of a line like `LOCATION:  InitProcess, proc.c:359`, whose first word may be in any language; `nil` for others.
    private static func function(ofPlace line: Substring.UTF8View) -> String? {
        let words = line.split(separator: UInt8(ascii: " "))
        guard let file = words.last, words.count >= 3, let name = words.dropLast().last, name.last == UInt8(ascii: ","),
            file.firstRange(of: ".c:".utf8) != nil
        else { return nil }
        return String(decoding: name.dropLast(), as: UTF8.self)
    }

    /// Of a statement that failed.
    package init(sqlState: String, message: String) {
        switch Fullness(sqlState: sqlState, message: message) {
        case .all: self = .full(message: message)
        case .role: self = .roleFull(message: message)
        case nil: self = .failed(sqlState: sqlState, message: message)
        }
    }

    private struct ServerAnswer {
        let sqlState: String
        let message: String
        var function: String?

        /// The first `:  XXXXX: ` of a line separates what libpq says of the address from what the server says.
        init?(line: [UInt8]) {
            let colons = line.indices.lazy.filter { line[$0] == UInt8(ascii: ":") }
            guard
                let code = colons.lazy.map({ line[($0 + 1)...].dropFirst(2).prefix(5) }).first(where: { code in
                    code.count == 5 && code.allSatisfy(\.isInSQLState)
                        && line[..<code.startIndex].suffix(2).elementsEqual("  ".utf8)
                        && line[code.endIndex...].starts(with: ": ".utf8)
                })
            else { return nil }
            sqlState = String(decoding: code, as: UTF8.self)
            message = String(decoding: line[(code.endIndex + 2)...], as: UTF8.self).oneLine
        }
    }
}

extension UInt8 {
    fileprivate var isInSQLState: Bool {
        isASCIIDigit || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self)
    }
}

extension String {
    /// The same words in one line; libpq puts a question or a hint on a line of its own, and no stop before it.
    var sentencesInOneLine: String {
        split(whereSeparator: \.isNewline).map { String($0).oneLine }.filter { !$0.isEmpty }
            .reduce(into: "") { text, line in
                if let last = text.last { text += ".?!:;,".contains(last) ? " " : ". " }
                text += line
            }
    }

    /// The same words in one line: runs of white space and control characters become one space.
    package var oneLine: String {
        var line = UnicodeScalarView()
        var isAfterGap = false
        for scalar in unicodeScalars {
            guard !scalar.isGap else {
                isAfterGap = true
                continue
            }
            if isAfterGap, !line.isEmpty { line.append(" ") }
            isAfterGap = false
            line.append(scalar)
        }
        return String(line)
    }
}

extension Unicode.Scalar {
    /// The properties are looked up in a table, which takes long for a long text; ASCII needs none.
    fileprivate var isGap: Bool {
        isASCII ? value <= 32 || value == 127 : properties.isWhitespace || properties.generalCategory == .control
    }
}
