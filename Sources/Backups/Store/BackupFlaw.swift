import Decisions

/// Why what lies under the name of a backup is none.
package indirect enum BackupFlaw: Equatable, Sendable {
    case noManifest
    case manifestUnreadable
    case manifestNewer
    /// It names files of another backup, or none of ours.
    case otherFiles
    case missing(file: String)
    case otherSize(file: String, bytes: Int, expected: Int)
    /// Its bytes were read, and are not those of a whole dump.
    case read(BackupFailure)
    /// What an earlier reading wrote into the manifest.
    case noted(String)
}

extension BackupFlaw: Catalogue {
    package var english: String {
        switch self {
        case .noManifest: "no manifest"
        case .manifestUnreadable: "the manifest can't be read"
        case .manifestNewer: "the manifest was written by a newer version"
        case .otherFiles: "the manifest names other files"
        case .missing(let file): "\(file) is missing"
        case .otherSize(let file, let bytes, let expected): "\(file) has \(bytes) bytes instead of \(expected)"
        case .read(let failure): failure.english
        case .noted(let words): words
        }
    }

    package var spanish: String {
        switch self {
        case .noManifest: "sin manifiesto"
        case .manifestUnreadable: "el manifiesto no se puede leer"
        case .manifestNewer: "el manifiesto lo escribió una versión más nueva"
        case .otherFiles: "el manifiesto nombra otros archivos"
        case .missing(let file): "falta \(file)"
        case .otherSize(let file, let bytes, let expected): "\(file) tiene \(bytes) bytes en vez de \(expected)"
        case .read(let failure): failure.spanish
        case .noted(let words): words
        }
    }
}
