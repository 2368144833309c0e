extension Int {
    /// One more; the largest stays, because a damaged state file may hold it.
    var counted: Int { self == .max ? self : self + 1 }
}
