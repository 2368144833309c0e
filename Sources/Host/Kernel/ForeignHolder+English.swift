extension ForeignHolder {
    package var english: String {
        let named = program.map { " (\($0))" } ?? ""
        let who = process.map { "process \($0)\(named)" } ?? "a process of user \(user)"
        return "another program answers on its port \(port): \(who); the backend is not ready"
    }
}
