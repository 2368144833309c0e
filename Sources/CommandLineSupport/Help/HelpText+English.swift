extension HelpText {
    package var english: String {
        switch self {
        case .autoscale: "Keeps the right number of backends behind NGINX."
        case .monitor: "Makes one run: looks, repairs, takes at most one step."
        case .status: "Shows the backends as they are now, and the last run."
        case .why: "Says why the last run did, or did not, take a step."
        case .config: "Checks or shows the configuration."
        case .configCheck: "Checks the configuration and shows all its errors."
        case .configShow: "Prints every value in use and where it comes from."
        case .backup: "Makes verified backups of the database and keeps them by rules."
        case .backupRun: "Makes one verified backup, then removes what no rule keeps."
        case .backupList: "Lists the backups: age, size, verified how, kept why."
        case .backupVerify: "Reads backups to their end again and compares checksums."
        case .backupDrill: "Restores a backup into a scratch database and counts its rows."
        case .backupRestore: "Restores a backup into a new or an empty database."
        case .backupPrune: "Removes backups that no rule keeps, here and in the store."
        case .backupClaim: "Makes backups that name no service this service's."
        case .cleanup: "Removes what this service no longer needs."
        case .healthcheck: "Checks the site, backends, database, runs and backups."

        case .autoscaleDetails:
            "Cron starts it once a minute. A run takes at most one step and writes down why. autoscale --monitor and autoscale --status are the same as the commands of that name."
        case .configurationPlaces:
            "The configuration is the file that --config names, else the one that $AUTOSCALE_CONFIG names, else config/autoscale.conf beside the folder of the program, else /etc/autoscale/autoscale.conf."
        case .logDetails: "Log lines go to standard output; the line in the crontab redirects them."
        case .monitorDetails: "Afterwards NGINX serves the backends that are ready, and the history says why."
        case .statusDetails: "Takes no lock and changes nothing."
        case .backupDetails: "Without a command it makes one backup, as backup run does."
        case .newestDetails: "Without a name it reads the newest backup."
        case .drillDetails:
            "Without a name it takes the newest backup. The scratch database is dropped again. BACKUP_DRILL_* name another server for it."
        case .restoreDetails:
            "Owners and rights are restored, too, so their roles have to exist: NAME.globals.sql beside the backup creates them."
        case .claimDetails:
            "Older versions made backups that name no service. They count, and are not removed until they are claimed."
        case .cleanupDetails:
            "It looks at old containers and images, logs, history, files that killed runs left, and backups that no rule keeps."
        case .healthcheckDetails:
            "Prints one summary line with performance data behind '|', then a line for each check, as monitoring plugins do. All checks run at once."

        case .configFile: "The configuration file."
        case .jsonReport: "Print the report as one JSON object."
        case .jsonRun: "Print the run's line of history."
        case .jsonWithLog: "Print one JSON object; log lines go to standard error."
        case .planMonitor: "Print the plan and the upstream file; change nothing."
        case .planCleanup: "Print what would be removed and why; change nothing."
        case .planPrune: "Print what would be removed and why; remove nothing."
        case .planRestore: "Print what would be done; do nothing."
        case .inStore: "Backups in the store of BACKUP_UPLOAD_URL instead."
        case .othersToo: "Backups of other services, too."
        case .verifyAll: "Read all backups."
        case .backupName: "A name as backup list shows it."
        case .intoDatabase: "The database; a new one is created."
        case .cleanFirst: "Drop what is in the database first; needs --yes."
        case .agreeToClean: "Agree to --clean."
        case .ofService: "With --clean: agree to that service's backup."
        case .fromService: "Backups of this service instead: its name before."
        case .onlyCheck: "Make only this check; may be repeated."
        case .listChecks: "List the checks."
        case .testAlert: "Send a test alert to every receiver; check nothing."
        case .quiet: "For crontabs: print only what is not well."
        case .version: "Print the version."
        case .help: "Print this page."

        case .file: "file"
        case .name: "name"
        case .database: "database"
        case .service: "service"
        case .command: "command"
        case .usage: "Usage:"
        case .example: "Example:"
        case .commands: "Commands:"
        case .options: "Options:"
        case .exitCodes: "Exit status:"
        case .commandHint(let path): "More on a command: \(path) help <command>"

        case .moreHelp(let path): "See '\(path) --help'."
        case .noCommand(let word, let nearest):
            "there is no command '\(word)'" + (nearest.map { ", did you mean \($0)?" } ?? "")
        case .commandList(let names, let path): "Commands: \(names.joined(separator: ", ")); see '\(path) --help'"
        case .agreementMissing:
            "--clean drops what is in the database: add --yes to agree, or --dry-run to look."
        case .nameOrAll: "Give a name or --all, not both."
        }
    }
}
