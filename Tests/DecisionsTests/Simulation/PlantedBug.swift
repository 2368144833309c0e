/// Mistakes that the model of a run can be told to make, to see that the invariants notice.
enum PlantedBug: String, CaseIterable, Sendable {
    /// A step down that stops its victim first and tells NGINX afterwards.
    case stopsBeforeDraining
    /// Compares with the file on disk, not with what NGINX serves.
    case skipsTheSameFile
    /// Believes `nginx -s reload` when it exits 0.
    case doesNotConfirm
    case keepsCreated
    case keepsSick
    /// R7 without asking what NGINX serves.
    case removesServed
    case stopsBeforeItIsIdle
    /// Writes an upstream without a server.
    case publishesNone
    case startsTwo
    /// Writes a step's intent and stamp after the step.
    case stampsAfterwards
    case takesAdoptedForOurs
    /// Rolls back to the copy beside the state file, which is older than what NGINX serves when a run was killed between
    /// the confirmation and the copy.
    case rollsBackToLastGood
    /// Forgets a backend whose start or restart failed: an exited one that can't start is tried for ever, and one whose
    /// start timed out and came about is taken for an old one that died.
    case forgetsFailedStarts
    /// Gives the name of an existing backend to a new one when the wall clock goes back.
    case reusesNames
    /// Ends what does not answer at once: it may hold connections, and work on them.
    case killsWhatDoesNotAnswer
    /// Takes one that boots for dead, because one of its name was ready before.
    case remembersByName
    /// Tries a publication that failed again in every run.
    case publishesAtFullRate
    /// Forgets that a drained backend is to go when Docker does not stop or remove it.
    case forgetsThatItStops
    /// A leftover that can't be removed keeps a step from being taken that was said.
    case letsLeftoversStopSteps
    /// A step up waits for repairs and publications for as long as there are any.
    case holdsBackForEver
}
