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
        while names.count < count { names.append(Self.free(like: base, beside: taken.union(names))) }
        return names
    }

    /// The name itself, or the first of those with a number behind it that nobody has.
    static func free(like name: String, beside taken: Set<String>) -> String {
        var free = name
        var number = 2
        while taken.contains(free) {
            free = "\(name)_\(number)"
            number += 1
        }
        return free
    }
}
