extension LastWords {
    package var spanish: String {
        let ending = [
            exitStatus.map { "estado de salida \($0)" }, isOutOfMemory ? "alcanzó su límite de memoria (OOM)" : nil,
        ]
        let words = said.isEmpty ? "no dijo nada" : "el final de su registro: \(said)"
        return (ending.compactMap(\.self) + [words]).joined(separator: "; ")
    }
}
