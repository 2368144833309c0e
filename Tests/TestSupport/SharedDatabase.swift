package import Testing

extension PrivatePostgres {
    /// The server of the suite that has the trait `.sharedDatabase`.
    @TaskLocal package static var shared: PrivatePostgres?
}

/// One PostgreSQL server for all private services of a suite, each with a table of its own: a server takes longer to
/// start than most tests do.
package struct SharedDatabaseTrait: SuiteTrait, TestScoping {
    package func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await withPrivatePostgres { server in
            try await PrivatePostgres.$shared.withValue(server) { try await function() }
        }
    }
}

extension Trait where Self == SharedDatabaseTrait {
    package static var sharedDatabase: Self { SharedDatabaseTrait() }
}
