/// What becomes of a thing, and why: the reason decides, so that nothing goes for a reason to stay.
package enum CleanupVerdict: Equatable, Sendable {
    case keep(Stay)
    case remove(Go)
    /// A log with more bytes than the limit is renamed; what writes to it goes on writing there.
    case rotate(limit: Int)
    /// A renamed log that nobody writes to any more.
    case compress

    package enum Go: Equatable, Sendable {
        case unused(seconds: Int)
        case neverStarted(seconds: Int)
        case dangling(seconds: Int)
        case olderImage(newer: Int)
        case expired(days: Int)
        case leftover
        /// Kept by no rule of `BACKUP_KEEP_*`.
        case retention
    }

    package enum Stay: Equatable, Sendable {
        case withinGrace(seconds: Int)
        case ageUnknown
        /// Its time is still to come: a clock was wrong, so its age is not known.
        case inFuture
        case protected
        case adopted
        case otherService(String)
        case inOperation
        case used
        case configured
        /// Another service of this host names it, or did.
        case configuredElsewhere
        /// Others use the repository, too, and nothing says that this service ever used this one.
        case notProvenOurs
        case newest(Int)
        /// Nobody built it twice: the same age as the last one that is kept.
        case asNewAsKept
        case namedByDigest
        case named
        case smallEnough
        case withinDays(Int)
        case stillWritten
        case writersUnknown
        case oddity(FoundFile.Oddity)
        case backup([RetentionPlan.KeepReason])
    }

    package var action: CleanupPlan.Action {
        switch self {
        case .keep: .keep
        case .remove: .remove
        case .rotate: .rotate
        case .compress: .compress
        }
    }
}

// MARK: - The spelling for machines

extension CleanupVerdict: Catalogue {
    package var code: String {
        switch self {
        case .keep(let reason): reason.code
        case .remove(let reason): reason.code
        case .rotate: "too_large"
        case .compress: "rotated"
        }
    }
}

extension CleanupVerdict.Go {
    fileprivate var code: String {
        switch self {
        case .unused: "unused"
        case .neverStarted: "never_started"
        case .dangling: "dangling"
        case .olderImage: "older_image"
        case .expired: "expired"
        case .leftover: "leftover"
        case .retention: "retention"
        }
    }
}

extension CleanupVerdict.Stay {
    fileprivate var code: String {
        switch self {
        case .withinGrace: "within_grace"
        case .ageUnknown: "age_unknown"
        case .inFuture: "in_future"
        case .protected: "protected"
        case .adopted: "adopted"
        case .otherService: "other_service"
        case .inOperation: "in_operation"
        case .used: "used"
        case .configured: "configured"
        case .configuredElsewhere: "configured_elsewhere"
        case .notProvenOurs: "not_proven_ours"
        case .newest: "newest"
        case .asNewAsKept: "as_new_as_kept"
        case .namedByDigest: "named_by_digest"
        case .named: "named"
        case .smallEnough: "small_enough"
        case .withinDays: "within_days"
        case .stillWritten: "still_written"
        case .writersUnknown: "writers_unknown"
        case .oddity(let oddity): oddity.rawValue
        case .backup(let reasons): reasons.first?.code ?? "kept"
        }
    }
}
