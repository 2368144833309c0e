import Backups
import Decisions

extension RestorePlanWord {
    package var english: String {
        switch self {
        case .restore(let name, let bytes, let contents, let proof):
            "Restore:  \(name), \(ByteCount(bytes)), \(contents.english), \(proof.english)"
        case .of(let service): "Of:       service \(service), not of this one"
        case .into(let database, let server, let target): "Into:     \(database) @ \(server), \(target.english)"
        case .leavesNothing:
            "It is restored under a scratch name and renamed when all of it is there: a failure before leaves nothing."
        case .changesNothing:
            "In one transaction: a failure changes nothing. Stop what writes into it, or its rows will differ."
        }
    }
}

extension RestorePlanWord.Proof {
    fileprivate var english: String {
        switch self {
        case .drillFailed(let when, let why): "the drill of \(when) failed: \(why)"
        case .verified(let when): "verified \(when)"
        case .none: "not verified"
        }
    }
}

extension RestorePlanWord.Target {
    fileprivate var english: String {
        switch self {
        case .new: "a new database"
        case .empty: "an empty database"
        case .cleaned(let objects): "in the place of what is in it now (tables, views, sequences: \(objects))"
        case .notEmpty(let objects): "not empty (tables, views, sequences: \(objects))"
        }
    }
}
