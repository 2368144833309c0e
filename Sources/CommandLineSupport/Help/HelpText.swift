import Decisions

/// Every text of `--help`. What stands in a row fits 80 columns with its label; tests hold it to that.
package enum HelpText: Catalogue, Equatable, Sendable {
    // Commands: what they do, in a row.
    case autoscale, monitor, status, why, config, configCheck, configShow
    case backup, backupRun, backupList, backupVerify, backupDrill, backupRestore, backupPrune, backupClaim
    case cleanup, healthcheck

    // And what else there is to say, in paragraphs.
    case autoscaleDetails, configurationPlaces, logDetails, monitorDetails, statusDetails, backupDetails
    case newestDetails, drillDetails, restoreDetails, claimDetails, cleanupDetails, healthcheckDetails

    // Options
    case configFile, jsonReport, jsonRun, jsonWithLog, planMonitor, planCleanup, planPrune, planRestore
    case inStore, othersToo, verifyAll, backupName, intoDatabase, cleanFirst, agreeToClean, ofService, fromService
    case onlyCheck, listChecks, testAlert, quiet
    case version, help

    // Names of values, and what stands between.
    case file, name, database, service, command
    case usage, example, commands, options, exitCodes
    case commandHint(String)

    // Wrong use
    case moreHelp(String)
    case noCommand(String, nearest: String?)
    case commandList([String], path: String)
    case agreementMissing, nameOrAll
}
