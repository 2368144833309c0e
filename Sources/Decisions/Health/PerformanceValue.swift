/// One figure of a check, in the form that monitoring systems draw: `'label'=value[unit];warning;critical;min;max`
/// (monitoring-plugins guidelines, "Performance data").
package struct PerformanceValue: Equatable, Sendable, Codable {
    package enum Unit: String, Codable, Sendable {
        case none = ""
        case seconds = "s"
        case percent = "%"
        case bytes = "B"
    }

    package let label: String
    package let value: Double
    package let unit: Unit
    package let warning: Double?
    package let critical: Double?
    /// The limits are lower ones: `14:` in the format.
    package let isLowerLimit: Bool
    package let minimum: Double?
    package let maximum: Double?

    package init(
        _ label: String, _ value: Double, _ unit: Unit = .none, warning: Double? = nil, critical: Double? = nil,
        isLowerLimit: Bool = false, minimum: Double? = 0, maximum: Double? = nil
    ) {
        // The label may hold anything but these, which have a meaning in the format.
        self.label = label.filter { !"'=|\n".contains($0) }
        self.value = value
        self.unit = unit
        self.warning = warning
        self.critical = critical
        self.isLowerLimit = isLowerLimit
        self.minimum = minimum
        self.maximum = maximum
    }

    package var text: String {
        let limits = [warning, critical].map { $0.map { Self.number($0) + (isLowerLimit ? ":" : "") } ?? "" }
        let fields =
            ["\(Self.number(value))\(unit.rawValue)"] + limits + [minimum, maximum].map { $0.map(Self.number) ?? "" }
        var line = fields.joined(separator: ";")
        while line.last == ";" { line.removeLast() }
        let isPlain = label.utf8.allSatisfy { (97...122).contains($0) || $0.isASCIIDigit || $0 == 0x5F }
        return (isPlain ? label : "'\(label)'") + "=" + line
    }

    /// Whole, or with three places.
    private static func number(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return "U" }
        if value == value.rounded() { return "\(Int(value))" }
        let thousandths = Int((abs(value) * 1000).rounded())
        let places = String(thousandths % 1000)
        return (value < 0 ? "-" : "") + "\(thousandths / 1000)." + String(repeating: "0", count: 3 - places.count)
            + places
    }
}
