import Foundation

/// How much of the force tests is run: a selection with all others, all of it by `make torture`.
enum TortureEffort: String {
    case selection
    case full

    static var current: TortureEffort {
        ProcessInfo.processInfo.environment["AUTOSCALE_TORTURE"].flatMap(TortureEffort.init) ?? .selection
    }
}
