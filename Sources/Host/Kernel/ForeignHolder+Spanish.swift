extension ForeignHolder {
    package var spanish: String {
        let named = program.map { " (\($0))" } ?? ""
        let who = process.map { "el proceso \($0)\(named)" } ?? "un proceso del usuario \(user)"
        return "otro programa responde en su puerto \(port): \(who); el backend no está listo"
    }
}
