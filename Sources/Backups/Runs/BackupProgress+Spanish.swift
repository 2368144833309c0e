extension BackupProgress.Phase {
    package var spanish: String {
        switch self {
        case .dumping: "volcando"
        case .verifying: "verificando"
        case .uploading: "subiendo"
        case .restoring: "restaurando"
        }
    }
}
