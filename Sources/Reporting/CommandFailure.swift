package import Decisions

/// Why a command could not do, or not wholly do, what it was to do: from it come the exit status and the words of the alert.
package protocol CommandFailure: Error {
    var exitStatus: ExitStatus { get }
    func sentence(in language: Language) -> String
}

extension ExitStatus {
    package init(_ failure: some CommandFailure) { self = failure.exitStatus }
}
