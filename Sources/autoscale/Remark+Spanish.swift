extension Remark {
    var spanish: String {
        switch self {
        case .warning(let sentence): "aviso: \(sentence)"
        case .note(let sentence): "nota: \(sentence)"
        case .clean(let path): "\(path): sin errores"
        }
    }
}
