extension LastWords {
    package var english: String {
        let ending = [
            exitStatus.map { "exit status \($0)" }, isOutOfMemory ? "it reached its memory limit (OOM)" : nil,
        ]
        let words = said.isEmpty ? "it said nothing" : "the end of its log: \(said)"
        return (ending.compactMap(\.self) + [words]).joined(separator: "; ")
    }
}
