import Decisions

extension CleanupPlanWord {
    package var spanish: String {
        switch self {
        case .action(.keep): "conservar"
        case .action(.remove): "eliminar"
        case .action(.rotate): "renombrar"
        case .action(.compress): "comprimir"
        case .summary(let effects, let bytes, let kept):
            "Se eliminarían, renombrarían o comprimirían: \(effects) (hasta \(ByteCount(bytes)) liberados); se conservarían: \(kept)"
        }
    }
}
