extension CleanupVerdict {
    package var english: String {
        switch self {
        case .keep(let reason): reason.english
        case .remove(let reason): reason.english
        case .rotate(let limit): "larger than \(ByteCount(limit))"
        case .compress: "nobody writes to it any more"
        }
    }
}

extension CleanupVerdict.Go {
    fileprivate var english: String {
        switch self {
        case .unused(let seconds): "unused for \(Age(seconds))"
        case .neverStarted(let seconds): "made \(Age(seconds)) ago and never started"
        case .dangling(let seconds): "has no name and no container uses it; \(Age(seconds)) old"
        case .olderImage(let newer): "no container uses it, and the repository has newer ones: \(newer)"
        case .expired(let days): "older than \(days) days"
        case .leftover: "left unfinished by a run that was killed"
        case .retention: "no BACKUP_KEEP_* rule keeps it"
        }
    }
}

extension CleanupVerdict.Stay {
    fileprivate var english: String {
        switch self {
        case .withinGrace(let seconds): "unused for \(Age(seconds)) only"
        case .ageUnknown: "its age is not known"
        case .inFuture: "its time is in the future, so its age is not known"
        case .protected: "the label autoscale.keep=true protects it"
        case .adopted: "adopted: only its owner removes it"
        case .otherService(let name): "belongs to the service \(name)"
        case .inOperation: "a run is starting or stopping it"
        case .used: "a container uses it"
        case .configured: "BACKEND_IMAGE names it"
        case .configuredElsewhere: "the configuration of another service names it, or did"
        case .notProvenOurs: "other services use this repository, too, and this one never used the image"
        case .newest(let count): "one of the newest \(count) of its repository"
        case .asNewAsKept: "as new as the oldest image that is kept"
        case .namedByDigest: "somebody pulled it by its digest"
        case .named: "somebody gave it a name"
        case .smallEnough: "below the size limit"
        case .withinDays(let days): "not older than \(days) days"
        case .stillWritten: "a program still writes to it"
        case .writersUnknown: "whether a program still writes to it can't be known on this file system"
        case .oddity(let oddity): oddity.english
        case .backup(let reasons): reasons.map { $0.english }.joined(separator: ", ")
        }
    }
}

extension FoundFile.Oddity {
    fileprivate var english: String {
        switch self {
        case .link: "a symbolic link: left alone"
        case .notAFile: "not a regular file: left alone"
        case .secondName: "it has a second name (a hard link): left alone"
        case .otherDevice: "it lies on another file system: left alone"
        }
    }
}
