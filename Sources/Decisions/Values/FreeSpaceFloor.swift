/// How much of a file system has to stay free: a share of it such as `10%`, or a size such as `5g`.
package enum FreeSpaceFloor: Equatable, Sendable {
    case percent(Int)
    case bytes(Int)

    /// Reads `10%`, `5g`, `500m`, `64k` or a number of bytes; units of 1024, as Docker writes them. `nil` for anything else.
    package init?(_ text: String) {
        var digits = Substring(text)
        let unit = digits.popLast(where: { !$0.isDigit })
        guard !digits.isEmpty, digits.utf8.allSatisfy(\.isASCIIDigit), let number = Int(digits) else { return nil }
        switch unit {
        case "%":
            guard number <= 99 else { return nil }
            self = .percent(number)
        case nil, "b", "B": self.init(number, timesTwoTo: 0)
        case "k", "K": self.init(number, timesTwoTo: 10)
        case "m", "M": self.init(number, timesTwoTo: 20)
        case "g", "G": self.init(number, timesTwoTo: 30)
        default: return nil
        }
    }

    private init?(_ number: Int, timesTwoTo power: Int) {
        let (bytes, overflow) = number.multipliedReportingOverflow(by: 1 << power)
        guard !overflow else { return nil }
        self = .bytes(bytes)
    }

    /// The bytes that have to be free on a file system of that size.
    package func floor(ofTotal bytes: Int) -> Int {
        switch self {
        case .percent(let share): bytes / 100 * share + bytes % 100 * share / 100
        case .bytes(let floor): floor
        }
    }
}

extension FreeSpaceFloor: CustomStringConvertible {
    /// As it can be read again.
    package var description: String {
        switch self {
        case .percent(let share): return "\(share)%"
        case .bytes(let bytes):
            for (unit, power) in [("g", 30), ("m", 20), ("k", 10)] where bytes > 0 && bytes % (1 << power) == 0 {
                return "\(bytes >> power)\(unit)"
            }
            return "\(bytes)"
        }
    }
}

extension Substring {
    fileprivate mutating func popLast(where isWanted: (Character) -> Bool) -> Character? {
        guard let last, isWanted(last) else { return nil }
        removeLast()
        return last
    }
}

extension Character {
    fileprivate var isDigit: Bool { utf8.count == 1 && utf8.allSatisfy(\.isASCIIDigit) }
}
