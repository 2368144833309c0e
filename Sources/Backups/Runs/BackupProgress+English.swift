extension BackupProgress.Phase {
    package var english: String {
        switch self {
        case .dumping: "dumping"
        case .verifying: "verifying"
        case .uploading: "uploading"
        case .restoring: "restoring"
        }
    }
}
