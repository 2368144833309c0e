/// How old something is, as people read it: `35 s`, `12 min`, `3 h`, `4 d`; the smaller unit up to two of the larger.
package struct Age: Equatable, Sendable, CustomStringConvertible {
    package let seconds: Int

    package init(_ seconds: Int) { self.seconds = seconds }

    package var description: String {
        switch seconds {
        case ..<120: "\(max(0, seconds)) s"
        case ..<7200: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3600) h"
        default: "\(seconds / 86_400) d"
        }
    }
}
