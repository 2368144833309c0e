extension EarlyEnd {
    package var spanish: String {
        switch self {
        case .containerGone: "su contenedor ya no está; vea `docker events --since 5m`"
        case .ended(let log, ""): "terminó enseguida y no escribió nada en \(log)"
        case .ended(let log, let said): "terminó enseguida; el final de \(log): \(said)"
        case .inBackground(let pid, let log, let said):
            "pasó a segundo plano (proceso \(pid)) y se terminó, porque nadie podría cuidarlo; BACKEND_COMMAND debe "
                + "quedar en primer plano: sin --daemon ni & al final; "
                + (said.isEmpty ? "no escribió nada en \(log)" : "el final de \(log): \(said)")
        }
    }
}
