extension Int {
    /// One more. A damaged state file may hold any number: the largest stays, and a negative one counts as 0, or it would
    /// hold back for more runs than anybody lives to see.
    var counted: Int { self == .max ? self : Swift.max(0, self) + 1 }
}
