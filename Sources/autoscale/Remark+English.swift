extension Remark {
    var english: String {
        switch self {
        case .warning(let sentence): "warning: \(sentence)"
        case .note(let sentence): "note: \(sentence)"
        case .clean(let path): "\(path): no errors"
        }
    }
}
