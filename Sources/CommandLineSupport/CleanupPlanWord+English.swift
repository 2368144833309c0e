import Decisions

extension CleanupPlanWord {
    package var english: String {
        switch self {
        case .action(.keep): "keep"
        case .action(.remove): "remove"
        case .action(.rotate): "rename"
        case .action(.compress): "compress"
        case .summary(let effects, let bytes, let kept):
            "Would remove, rename or compress \(effects) \(effects == 1 ? "thing" : "things") (up to \(ByteCount(bytes)) freed) and keep \(kept)"
        }
    }
}
