extension RecordWarning {
    package var spanish: String {
        switch self {
        case .futureRun(let time):
            "hay una ejecución registrada a las \(time), en el futuro: no cuenta. Mire el reloj: timedatectl"
        case .brokenState(let path, let why): "\(path) no se puede leer (\(why)); la próxima ejecución lo aparta"
        }
    }
}
