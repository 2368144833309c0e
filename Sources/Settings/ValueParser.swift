import Connections
import Decisions
import Host

/// Reads one kind of value, and says what it allows.
struct ValueParser<Value> {
    /// Completes `found …, allowed: …`.
    let allowed: Words
    /// What was found is not shown.
    let isSecret: Bool
    let parse: (String) -> Value?
    /// The effective value, as `config show` prints it.
    let text: (Value) -> String

    init(
        allowed: Words, isSecret: Bool = false, parse: @escaping (String) -> Value?,
        text: @escaping (Value) -> String = { "\($0)" }
    ) {
        self.allowed = allowed
        self.isSecret = isSecret
        self.parse = parse
        self.text = text
    }
}

extension ValueParser where Value == Int {
    static func integer(_ range: ClosedRange<Int>) -> Self {
        let allowed =
            range.upperBound == Int.max
            ? Words("a whole number, \(range.lowerBound) or more", "un número entero, \(range.lowerBound) o más")
            : Words(
                "a whole number from \(range.lowerBound) to \(range.upperBound)",
                "un número entero de \(range.lowerBound) a \(range.upperBound)")
        return Self(allowed: allowed, parse: { wholeNumber($0).flatMap { range.contains($0) ? $0 : nil } })
    }

    /// Digits only: no sign, no unit.
    private static func wholeNumber(_ text: String) -> Int? {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int(text) : nil
    }
}

extension ValueParser where Value == Duration {
    static func seconds(_ range: ClosedRange<Int>) -> Self {
        let integer = ValueParser<Int>.integer(range)
        return Self(
            allowed: Words(
                "whole seconds from \(range.lowerBound) to \(range.upperBound)",
                "segundos enteros de \(range.lowerBound) a \(range.upperBound)"),
            parse: { integer.parse($0).map { .seconds($0) } },
            text: { "\($0.components.seconds)" })
    }
}

extension ValueParser where Value == UInt16 {
    static var port: Self {
        Self(
            allowed: Words("a port from 1 to 65535", "un puerto de 1 a 65535"),
            parse: { ValueParser<Int>.integer(1...65535).parse($0).map(UInt16.init) }
        )
    }
}

extension ValueParser where Value == ClosedRange<UInt16> {
    static var ports: Self {
        Self(
            allowed: Words("a range of ports such as 3000-3099", "un rango de puertos como 3000-3099"),
            parse: { text in
                let bounds = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
                guard bounds.count == 2, let low = ValueParser<UInt16>.port.parse(bounds[0]),
                    let high = ValueParser<UInt16>.port.parse(bounds[1]), low <= high
                else { return nil }
                return low...high
            },
            text: { "\($0.lowerBound)-\($0.upperBound)" })
    }
}

extension ValueParser where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// The raw value is the only spelling.
    static var choice: Self {
        Self(
            allowed: .same(Value.allCases.map(\.rawValue).joined(separator: ", ")),
            parse: { Value(rawValue: $0) }, text: { $0.rawValue })
    }
}

extension ValueParser where Value == String {
    /// Anything that is not empty.
    static var text: Self { Self(allowed: Words("a text", "un texto"), parse: { $0.isEmpty ? nil : $0 }) }

    /// One word without white space.
    static func word(_ allowed: Words) -> Self {
        Self(allowed: allowed, parse: { $0.isEmpty || $0.contains(where: \.isWhitespace) ? nil : $0 })
    }

    /// A whole `postgresql://user:password@host/name` in the place of one of its parts would be shown with its password.
    var butNoURL: Self {
        Self(
            allowed: Words(
                "\(allowed.english); the parts of a URL have keys of their own",
                "\(allowed.spanish); las partes de una URL tienen claves propias"),
            parse: { [parse] in $0.contains("://") ? nil : parse($0) })
    }

    /// `[a-z0-9][a-z0-9_-]{0,30}`
    static var serviceName: Self {
        Self(
            allowed: .same("[a-z0-9][a-z0-9_-]{0,30}"),
            parse: { text in
                guard (1...31).contains(text.utf8.count), let first = text.utf8.first, isNameByte(first), first != 0x5F,
                    first != 0x2D, text.utf8.allSatisfy(isNameByte)
                else { return nil }
                return text
            })
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"),
            UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// Docker's own rule for names: `[a-zA-Z0-9][a-zA-Z0-9_.-]+`, here with room for the time behind it.
    static var backendName: Self {
        Self(
            allowed: .same("[A-Za-z0-9][A-Za-z0-9_-]{0,47}"),
            parse: { text in
                guard (1...48).contains(text.utf8.count), UpstreamConfiguration.Name(text) != nil,
                    text.first != "_", text.first != "-"
                else { return nil }
                return text
            })
    }

    /// As RFC 9110 has it in a `Host` header; an application compares it with its own list.
    static var hostHeader: Self {
        Self(
            allowed: Words("a host name, with or without :PORT", "un nombre de host, con o sin :PUERTO"),
            parse: { text in
                let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                let isName =
                    !parts[0].isEmpty
                    && parts[0].allSatisfy {
                        $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0))
                    }
                let isPort = parts.count == 1 || UInt16(parts[1]).map { $0 > 0 } == true
                return isName && isPort && text.utf8.count <= 253 ? text : nil
            })
    }

    static var urlPath: Self {
        Self(
            allowed: Words(
                "a path that starts with /, without white space", "una ruta que empieza con /, sin espacios"),
            parse: { $0.hasPrefix("/") && $0.utf8.allSatisfy { (33...126).contains($0) } ? $0 : nil })
    }
}

extension ValueParser where Value == [Metric] {
    static var metrics: Self {
        Self(
            allowed: Words(
                "one or more of \(Metric.allCases.map(\.rawValue).joined(separator: ", ")), each once",
                "una o más de \(Metric.allCases.map(\.rawValue).joined(separator: ", ")), cada una una vez"),
            parse: { text in
                let names = text.split(separator: ",", omittingEmptySubsequences: false).map {
                    $0.filter { !$0.isWhitespace }
                }
                let metrics = names.compactMap { Metric(rawValue: String($0)) }
                return metrics.count == names.count && Set(metrics).count == names.count ? metrics : nil
            },
            text: { $0.map(\.rawValue).joined(separator: ",") })
    }
}

extension ValueParser where Value == Int64 {
    /// Bytes with an optional unit of 1024: `b`, `k`, `m`, `g`, as Docker writes them.
    static var bytes: Self {
        bytes(
            atLeast: 6 << 20,
            allowed: Words("a size such as 512m or 1g, 6m at least", "un tamaño como 512m o 1g, 6m al menos"))
    }

    static func bytes(atLeast minimum: Int64, allowed: Words) -> Self {
        Self(
            allowed: allowed,
            parse: { text in
                let units: [Character: Int64] = ["b": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30]
                var digits = text.lowercased()
                let unit = digits.last.flatMap { units[$0] }
                if unit != nil { digits.removeLast() }
                guard let number = ValueParser<Int>.integer(1...(1 << 40)).parse(digits) else { return nil }
                let (bytes, overflow) = Int64(number).multipliedReportingOverflow(by: unit ?? 1)
                return overflow || bytes < minimum ? nil : bytes
            })
    }
}

extension ValueParser where Value == Double {
    static var cpus: Self {
        Self(
            allowed: Words(
                "a number of CPUs from 0.01 up, such as 0.5", "un número de CPU desde 0.01, como 0.5"),
            parse: { text in
                guard text.utf8.allSatisfy({ (48...57).contains($0) || $0 == 0x2E }), let number = Double(text),
                    (0.01...4096).contains(number)
                else { return nil }
                return number
            })
    }
}

extension ValueParser where Value == BalancingMethod {
    static var balancingMethod: Self {
        Self(
            allowed: .same("least_conn, round_robin, ip_hash, random, hash $variable…, hash $variable… consistent"),
            parse: { BalancingMethod($0) })
    }
}

extension ValueParser where Value == ServerAddress {
    static var listen: Self {
        Self(
            allowed: Words(
                "a numeric address and a port, such as 127.0.0.1:8080",
                "una dirección numérica y un puerto, como 127.0.0.1:8080"), parse: { ServerAddress($0) })
    }
}

extension ValueParser where Value == UpstreamConfiguration.Name {
    static var upstreamName: Self {
        Self(allowed: .same("[A-Za-z0-9_-]{1,64}"), parse: { UpstreamConfiguration.Name($0) })
    }
}

extension ValueParser where Value == CommandWords {
    static var command: Self {
        Self(
            allowed: Words(
                "a program and its arguments; quotes must be closed",
                "un programa y sus argumentos; las comillas deben cerrarse"),
            parse: { text in try? CommandWords(text) })
    }
}

extension ValueParser where Value == Secret {
    static var secret: Self {
        Self(allowed: Words("a text", "un texto"), isSecret: true, parse: { $0.isEmpty ? nil : Secret($0) })
    }
}

extension ValueParser where Value == DockerAddress {
    static var dockerAddress: Self {
        Self(
            allowed: Words(
                "unix:///path/of/docker.sock or tcp://host:port", "unix:///ruta/de/docker.sock o tcp://host:puerto"),
            parse: { text in try? DockerAddress(text) })
    }
}
