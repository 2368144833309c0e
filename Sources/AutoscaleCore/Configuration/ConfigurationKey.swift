/// Every key of the configuration file, with its default as it would stand there.
package enum ConfigurationKey: String, CaseIterable, Sendable {
    case service = "SERVICE"
    case language = "LANGUAGE"
    case stateFile = "STATE_FILE"
    case metrics = "METRICS"
    case cpuMinimum = "CPU_MIN"
    case cpuMaximum = "CPU_MAX"
    case memoryMinimum = "MEMORY_MIN"
    case memoryMaximum = "MEMORY_MAX"
    case connectionsMinimum = "CONNECTIONS_MIN"
    case connectionsMaximum = "CONNECTIONS_MAX"
    case connectionsScope = "CONNECTIONS_SCOPE"
    case connectionsQuery = "CONNECTIONS_QUERY"
    case databaseHost = "DB_HOST"
    case databasePort = "DB_PORT"
    case databaseName = "DB_NAME"
    case databaseUser = "DB_USER"
    case databasePassword = "DB_PASSWORD"
    case databasePasswordFile = "DB_PASSWORD_FILE"
    case databaseSSLMode = "DB_SSLMODE"
    case minimumBackends = "MIN_BACKENDS"
    case maximumBackends = "MAX_BACKENDS"
    case scaleUpCooldown = "SCALE_UP_COOLDOWN"
    case scaleDownCooldown = "SCALE_DOWN_COOLDOWN"
    case upSamples = "UP_SAMPLES"
    case downSamples = "DOWN_SAMPLES"
    case drainSeconds = "DRAIN_SECONDS"
    case drainTimeout = "DRAIN_TIMEOUT"
    case stopTimeout = "STOP_TIMEOUT"
    case readyWait = "READY_WAIT"
    case startupTimeout = "STARTUP_TIMEOUT"
    case healthPath = "HEALTH_PATH"
    case healthHost = "HEALTH_HOST"
    case healthTimeout = "HEALTH_TIMEOUT"
    case healthRetries = "HEALTH_RETRIES"
    case target = "TARGET"
    case backendName = "BACKEND_NAME"
    case backendPort = "BACKEND_PORT"
    case backendHostPorts = "BACKEND_HOST_PORTS"
    case backendAddress = "BACKEND_ADDRESS"
    case backendImage = "BACKEND_IMAGE"
    case backendNetwork = "BACKEND_NETWORK"
    case backendCPUs = "BACKEND_CPUS"
    case backendMemory = "BACKEND_MEMORY"
    case backendMemoryReservation = "BACKEND_MEMORY_RESERVATION"
    case backendCommand = "BACKEND_COMMAND"
    case backendEnvironmentFile = "BACKEND_ENV_FILE"
    case dockerHost = "DOCKER_HOST"
    case upstreamFile = "NGINX_UPSTREAM_FILE"
    case upstreamName = "NGINX_UPSTREAM_NAME"
    case nginxTestCommand = "NGINX_TEST_COMMAND"
    case nginxReloadCommand = "NGINX_RELOAD_COMMAND"
    case nginxStatusListen = "NGINX_STATUS_LISTEN"
    case nginxStatusURL = "NGINX_STATUS_URL"
    case balancingMethod = "LB_METHOD"
    case balancingKeepalive = "LB_KEEPALIVE"
    case balancingMaxFails = "LB_MAX_FAILS"
    case balancingFailTimeout = "LB_FAIL_TIMEOUT"
    case backupFolder = "BACKUP_DIR"
    case backupDumpProgram = "BACKUP_PG_DUMP"
    case backupCompression = "BACKUP_COMPRESSION"
    case backupTimeout = "BACKUP_TIMEOUT"
    case backupKeepLast = "BACKUP_KEEP_LAST"
    case backupKeepHourly = "BACKUP_KEEP_HOURLY"
    case backupKeepDaily = "BACKUP_KEEP_DAILY"
    case backupKeepWeekly = "BACKUP_KEEP_WEEKLY"
    case backupKeepMonthly = "BACKUP_KEEP_MONTHLY"
    case backupKeepMinimum = "BACKUP_KEEP_MIN"
    case backupEncryptTo = "BACKUP_ENCRYPT_TO"
    case backupIdentityFile = "BACKUP_IDENTITY_FILE"
    case backupUploadURL = "BACKUP_UPLOAD_URL"
    case backupUploadEndpoint = "BACKUP_UPLOAD_ENDPOINT"
    case backupUploadRegion = "BACKUP_UPLOAD_REGION"
    case backupDrillHost = "BACKUP_DRILL_HOST"
    case backupDrillPort = "BACKUP_DRILL_PORT"
    case backupDrillUser = "BACKUP_DRILL_USER"
    case backupDrillPasswordFile = "BACKUP_DRILL_PASSWORD_FILE"
    case backupIgnoreCPU = "BACKUP_IGNORE_CPU"
    case cleanupGrace = "CLEANUP_GRACE"
    case cleanupKeepImages = "CLEANUP_KEEP_IMAGES"
    case cleanupLogMaximumSize = "CLEANUP_LOG_MAX_SIZE"
    case cleanupLogDays = "CLEANUP_LOG_DAYS"
    case cleanupHistoryDays = "CLEANUP_HISTORY_DAYS"
    case cleanupDiskMinimumFree = "CLEANUP_DISK_MIN_FREE"
    case cleanupBuildCache = "CLEANUP_BUILD_CACHE"
    case cleanupOtherContainers = "CLEANUP_OTHER_CONTAINERS"
    case cleanupVolumes = "CLEANUP_VOLUMES"
    case healthcheckURL = "HEALTHCHECK_URL"
    case healthcheckStatus = "HEALTHCHECK_STATUS"
    case healthcheckText = "HEALTHCHECK_TEXT"
    case healthcheckCAFile = "HEALTHCHECK_CA_FILE"
    case healthcheckTimeout = "HEALTHCHECK_TIMEOUT"
    case healthcheckCertificateDays = "HEALTHCHECK_CERTIFICATE_DAYS"
    case healthcheckRunAge = "HEALTHCHECK_RUN_AGE"
    case healthcheckBackupAge = "HEALTHCHECK_BACKUP_AGE"
    case healthcheckReplicaLag = "HEALTHCHECK_REPLICA_LAG"
    case healthcheckMinutesAtMaximum = "HEALTHCHECK_MAXIMUM_MINUTES"
    case alertURL = "ALERT_URL"
    case alertRepeat = "ALERT_REPEAT"
    case alertEmailFrom = "ALERT_EMAIL_FROM"
    case alertEmailTo = "ALERT_EMAIL_TO"

    /// `nil` where nothing is set unless somebody sets it, or where the default follows from another key.
    package var defaultText: String? {
        switch self {
        case .service: "app"
        case .language: "en"
        case .stateFile: "state/autoscale.json"
        case .metrics: "cpu,memory,connections"
        case .cpuMinimum: "20"
        case .cpuMaximum: "80"
        case .memoryMinimum: "30"
        case .memoryMaximum: "85"
        case .connectionsMinimum: "20"
        case .connectionsMaximum: "100"
        case .connectionsScope: "total"
        case .minimumBackends: "1"
        case .maximumBackends: "10"
        case .scaleUpCooldown, .scaleDownCooldown: "60"
        case .upSamples, .downSamples: "1"
        case .drainSeconds: "30"
        case .drainTimeout: "300"
        case .stopTimeout: "10"
        case .readyWait: "20"
        case .startupTimeout: "120"
        case .healthPath: "/health"
        case .healthTimeout: "5"
        case .healthRetries: "3"
        case .target: "docker"
        case .backendPort: "3000"
        case .backendHostPorts: "3000-3099"
        case .backendAddress: "published"
        case .dockerHost: "unix:///var/run/docker.sock"
        case .upstreamFile: "nginx/upstream.conf"
        case .nginxTestCommand: "nginx -t"
        case .nginxReloadCommand: "nginx -s reload"
        case .nginxStatusListen: "127.0.0.1:8080"
        case .balancingMethod: "least_conn"
        case .balancingKeepalive: "32"
        case .balancingMaxFails: "3"
        case .balancingFailTimeout: "30"
        case .backupFolder: "backups"
        case .backupCompression: "6"
        case .backupTimeout: "14400"
        case .backupKeepLast, .backupKeepWeekly: "4"
        case .backupKeepHourly: "0"
        case .backupKeepDaily: "7"
        case .backupKeepMonthly: "6"
        case .backupKeepMinimum: "2"
        case .backupUploadRegion: "us-east-1"
        case .backupIgnoreCPU: "true"
        case .cleanupGrace: "3600"
        case .cleanupKeepImages: "2"
        case .cleanupLogMaximumSize: "10m"
        case .cleanupLogDays: "30"
        case .cleanupHistoryDays: "90"
        case .cleanupDiskMinimumFree: "10%"
        case .cleanupBuildCache, .cleanupOtherContainers: "false"
        case .cleanupVolumes: "none"
        case .healthcheckStatus: "200-399"
        case .healthcheckTimeout: "10"
        case .healthcheckCertificateDays: "15"
        case .healthcheckRunAge: "180"
        case .healthcheckBackupAge: "43200"
        case .healthcheckReplicaLag, .healthcheckMinutesAtMaximum: "60"
        case .alertRepeat: "3600"
        case .healthHost, .connectionsQuery, .databaseHost, .databasePort, .databaseName, .databaseUser,
            .databasePassword,
            .databasePasswordFile, .databaseSSLMode, .backendName, .backendImage, .backendNetwork, .backendCPUs,
            .backendMemory, .backendMemoryReservation, .backendCommand, .backendEnvironmentFile, .upstreamName,
            .nginxStatusURL, .backupDumpProgram, .backupEncryptTo, .backupIdentityFile, .backupUploadURL,
            .backupUploadEndpoint, .backupDrillHost, .backupDrillPort, .backupDrillUser, .backupDrillPasswordFile,
            .healthcheckURL, .healthcheckText, .healthcheckCAFile, .alertURL, .alertEmailFrom, .alertEmailTo:
            nil
        }
    }

    /// The name in the environment that overrides the file. Plain names are too common to be meant for this tool.
    package var environmentName: String { "AUTOSCALE_\(rawValue)" }

    /// The known key that a misspelled one probably means.
    package static func nearest(to name: String) -> ConfigurationKey? {
        let allowed = max(2, name.utf8.count / 3)
        // The distance is never less than the difference of the lengths, which costs nothing.
        let near = allCases.filter { abs($0.rawValue.utf8.count - name.utf8.count) <= allowed }
        let scored = near.map { (key: $0, distance: editDistance(Array(name.utf8), Array($0.rawValue.utf8))) }
        guard let best = scored.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance <= allowed ? best.key : nil
    }

    /// Insertions, deletions, substitutions and swapped neighbours (optimal string alignment).
    private static func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var rows = [Array(0...right.count)]
        for (i, a) in left.enumerated() {
            var row = [i + 1]
            for (j, b) in right.enumerated() {
                var distance = min(rows[i][j] + (a == b ? 0 : 1), rows[i][j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, a == right[j - 1], left[i - 1] == b {
                    distance = min(distance, rows[i - 1][j - 1] + 1)
                }
                row.append(distance)
            }
            rows.append(row)
        }
        return rows[left.count][right.count]
    }
}
