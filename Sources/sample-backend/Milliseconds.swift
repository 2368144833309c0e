import FlyingFox

/// The `ms` of a request.
struct Milliseconds {
    static let allowed = 0...60_000

    let duration: Duration

    init(_ request: FlyingFox.HTTPRequest) throws(BadParameter) {
        let values = request.query.filter { $0.name == "ms" }.map(\.value)
        guard let text = values.first else { throw BadParameter(sentence: "ms is missing: \(Self.range).") }
        guard values.count == 1 else {
            throw BadParameter(sentence: "ms is given \(values.count) times: \(Self.range).")
        }
        guard let number = Int(text), Self.allowed.contains(number) else {
            throw BadParameter(sentence: "ms is '\(text)': \(Self.range).")
        }
        duration = .milliseconds(number)
    }

    private static let range = "give a whole number from \(allowed.lowerBound) to \(allowed.upperBound)"
}

struct BadParameter: Error {
    let sentence: String
}
