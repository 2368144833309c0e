extension RecordWarning {
    package var english: String {
        switch self {
        case .futureRun(let time):
            "a run is recorded for \(time), which is in the future: it counts for nothing. Look at the clock: timedatectl"
        case .brokenState(let path, let why): "\(path) can't be read (\(why)); the next run sets it aside"
        }
    }
}
