/// A container that does not run.
package struct StoppedContainer: Equatable, Sendable {
    package enum Owner: Equatable, Sendable {
        /// This service's, made by this tool.
        case ours
        /// It bears a label of a service and was not made by this tool: adopted.
        case adopted
        case otherService(String)
        case others
    }

    package let id: String
    package let name: String
    package let owner: Owner
    /// Seconds since it ended, or since it was made where it never started; `nil`: not known.
    package let idle: Int?
    package let wasStarted: Bool
    /// Of its own writable layer; `nil`: not known.
    package let bytes: Int?
    package let isProtected: Bool
    /// The operation that is under way concerns it.
    package let isInOperation: Bool

    package init(
        id: String, name: String, owner: Owner, idle: Int?, wasStarted: Bool = true, bytes: Int? = nil,
        isProtected: Bool = false, isInOperation: Bool = false
    ) {
        self.id = id
        self.name = name
        self.owner = owner
        self.idle = idle
        self.wasStarted = wasStarted
        self.bytes = bytes
        self.isProtected = isProtected
        self.isInOperation = isInOperation
    }
}

/// Whose the images of a repository are, as far as that is known.
package struct ImageOwners: Equatable, Sendable {
    /// Names and ids that other services' configurations name, or did.
    package let others: Set<String>
    /// Names that this service used; only these can go. `nil`: nobody else is known to use the repository.
    package let proven: Set<String>?

    package init(others: Set<String> = [], proven: Set<String>? = nil) {
        self.others = others
        self.proven = proven
    }
}

/// An image of the engine's list.
package struct StoredImage: Equatable, Sendable {
    package let id: String
    /// Names that lead to it, as `repository:tag` or `repository@digest`; none: dangling.
    package let references: [String]
    /// Seconds since it was built, wherever that was: what makes it newer than another; `nil`: not known.
    package let age: Int?
    /// Seconds since it last got a name here; `nil`: not known.
    package let named: Int?
    /// With what it shares with others.
    package let bytes: Int
    /// A container, running or not, was made of it.
    package let isUsed: Bool
    package let isProtected: Bool

    package init(
        id: String, references: [String] = [], age: Int?, named: Int? = nil, bytes: Int = 0, isUsed: Bool = false,
        isProtected: Bool = false
    ) {
        self.id = id
        self.references = references
        self.age = age
        self.named = named
        self.bytes = bytes
        self.isUsed = isUsed
        self.isProtected = isProtected
    }

    /// Seconds for which it is certain that nobody brought it here or named it: an old build may have come a minute ago.
    var settled: Int? { age.map { min($0, named ?? $0) } }
}

/// A volume that may hold data.
package struct StoredVolume: Equatable, Sendable {
    package let name: String
    package let isAnonymous: Bool
    package let isUsed: Bool
    /// Seconds; `nil`: not known.
    package let age: Int?
    package let bytes: Int?
    package let isProtected: Bool

    package init(
        name: String, isAnonymous: Bool, isUsed: Bool = false, age: Int?, bytes: Int? = nil, isProtected: Bool = false
    ) {
        self.name = name
        self.isAnonymous = isAnonymous
        self.isUsed = isUsed
        self.age = age
        self.bytes = bytes
        self.isProtected = isProtected
    }
}

/// What builds left behind and did not use for the grace.
package struct UnusedBuildCache: Equatable, Sendable {
    package let records: Int
    package let bytes: Int

    package init(records: Int, bytes: Int) {
        self.records = records
        self.bytes = bytes
    }
}

/// A file that bears a name of ours.
package struct FoundFile: Equatable, Sendable {
    package enum Role: Equatable, Sendable {
        /// What cron's line appends to.
        case log
        /// A log that was renamed.
        case rotatedLog
        case compressedLog
        /// What a process backend appends to.
        case backendLog
        case history
        /// What a run that was killed left unfinished.
        case leftover
        /// A state file that could not be read, set aside.
        case corruptState
    }

    /// What makes it none of ours to touch, whatever its name.
    package enum Oddity: String, Equatable, Sendable {
        case link
        case notAFile = "not_a_file"
        case secondName = "second_name"
        case otherDevice = "other_device"
    }

    package let name: String
    package let role: Role
    package let bytes: Int
    /// Seconds since it was last written, or since the time in its name.
    package let age: Int
    package let oddity: Oddity?
    /// Whether a program has it open for writing; `nil`: can't be known.
    package let isWritten: Bool?

    package init(
        name: String, role: Role, bytes: Int, age: Int, oddity: Oddity? = nil, isWritten: Bool? = false
    ) {
        self.name = name
        self.role = role
        self.bytes = bytes
        self.age = age
        self.oddity = oddity
        self.isWritten = isWritten
    }
}
