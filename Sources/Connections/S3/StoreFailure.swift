import Decisions
package import Host

/// Why a copy is not in the store.
package enum StoreFailure: Error, Equatable, Sendable, Catalogue {
    case noCredentials
    case file(FileFailure)
    case unreachable(String)
    /// The store's status and its own words.
    case refused(status: Int, message: String)
    /// The bucket lies in another region than the one that is configured, and the store names it.
    case otherRegion(String, status: Int, message: String, hasEndpoint: Bool)
    case checksum(key: String)
}
