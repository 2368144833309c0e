/// Why PostgreSQL did not connect or did not answer.
///
/// Messages are one line without control characters, fit for a log; libpq puts no password into them.
package enum PostgresFailure: Error, Equatable {
    /// SQLSTATE 53300: no slot is left, be it `max_connections`, the reserved ones, or a limit of the role or database.
    case full(message: String)
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

extension PostgresFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .full(let message), .passwordMissing(let message): message
        case .unreachable(let detail): detail
        case .timedOut(let seconds): "no answer within \(seconds) s"
        case .rejected(let sqlState, let message), .failed(let sqlState, let message): "\(message) (\(sqlState))"
        }
    }
}

extension PostgresFailure {
    /// too_many_connections, appendix A of PostgreSQL's manual.
    private static let tooManyConnections = "53300"

    /// Whether the server said who we are, or what we may, is the reason: classes 28 and 42501 of appendix A.
    package var isRefusal: Bool {
        switch self {
        case .passwordMissing: true
        case .rejected(let sqlState, _), .failed(let sqlState, _): sqlState.hasPrefix("28") || sqlState == "42501"
        case .full, .unreachable, .timedOut: false
        }
    }

    /// Reads the text of a connection that failed, written with `PQERRORS_VERBOSE`.
    ///
    /// libpq has no field for the SQLSTATE of such a failure; its verbose text has the form
    /// `… failed: FATAL:  53300: sorry, too many clients already`, and a line for the place in the server's source. The
    /// severity may be in any language. There can be several such lines (several hosts, or a second try without TLS):
    /// being full counts first, then the last one.
    package init(connectionText text: String) {
        let answers = text.utf8.split(separator: UInt8(ascii: "\n")).compactMap { ServerAnswer(line: Array($0)) }
        if let full = answers.first(where: { $0.sqlState == Self.tooManyConnections }) {
            self = .full(message: full.message)
        } else if let last = answers.last {
            self = .rejected(sqlState: last.sqlState, message: last.message)
        } else {
            self = .unreachable(detail: text.oneLine)
        }
    }

    private struct ServerAnswer {
        let sqlState: String
        let message: String

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
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self)
    }
}

extension String {
    /// The same words in one line: runs of white space and control characters become one space.
    var oneLine: String {
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
