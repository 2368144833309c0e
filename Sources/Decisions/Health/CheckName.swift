/// What `healthcheck` looks at, in the order in which it tells. The raw value is its only spelling.
package enum CheckName: String, Codable, CaseIterable, Sendable {
    case site
    case certificate
    case backends
    case upstream
    case database
    case replicas
    case lastRun = "last_run"
    case maximum
    case backup
    case disk
    case workers
}

/// As `--list` explains it.
extension CheckName: Catalogue {}
