import Connections
import Decisions
import Fleet
import Host
import SystemPackage

/// Why a check could not be made, or why what it asked did not answer.
enum CheckObstacle: Sendable {
    case file(FileFailure)
    case site(HTTPFailure)
    case database(PostgresFailure)
    /// The role that asks has no connection left, in the server's words; others may have.
    case roleFull(says: String)
    case fleet(RunFailure)
    /// What answers in the place of NGINX's status server.
    case nginx(UpstreamStatus.Answer)
    case noCertificate
    case noFileSystem
    /// Of the count of connections.
    case unexpectedRows(columns: Int, rows: Int)
    case silence(Duration)
    case threads(DetachedThread.ThreadsExhausted)
    case processes(Errno)
}

extension CheckObstacle: Catalogue {}

/// What came of a check.
enum CheckOutcome: Sendable {
    case found(CheckFinding)
    /// The thing itself is away or does not answer.
    case failed(CheckObstacle)
    /// It could not be looked at.
    case unknown(CheckObstacle)
}
