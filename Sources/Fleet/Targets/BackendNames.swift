/// The names that one run gives to new backends: `<BACKEND_NAME>_<unix time>`, with `_2`, `_3` … for the further ones.
///
/// A name that is there is passed over, because a target that is asked for it takes what is there.
struct BackendNames {
    private let base: String
    private let taken: Set<String>

    init(prefix: String, time: Int, taken: Set<String>) {
        base = "\(prefix)_\(time)"
        self.taken = taken
    }

    /// The first `count` of them.
    func first(_ count: Int) -> [String] {
        var names: [String] = []
        var number = 1
        while names.count < count {
            let name = number == 1 ? base : "\(base)_\(number)"
            if !taken.contains(name) { names.append(name) }
            number += 1
        }
        return names
    }
}
