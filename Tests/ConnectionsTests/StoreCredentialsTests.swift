import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Connections
@testable import Host

struct StoreCredentialsTests {
    private static let text = """
        # a comment = not a value
        [default]
        aws_access_key_id = AKDEFAULT
        aws_secret_access_key=secret/of+default==

        [ work ]
        ; another
          AWS_ACCESS_KEY_ID = AKWORK
        aws_secret_access_key = of work
        aws_session_token = token
        region = eu-central-1
        [half]
        aws_access_key_id = AKHALF
        """

    private func withHome<Result>(_ body: (FilePath, [String: String]) throws -> Result) async throws -> Result {
        try await withTemporaryFolder { home in
            try FileManager.default.createDirectory(
                atPath: home.appending(".aws").string, withIntermediateDirectories: true)
            let file = home.appending(".aws").appending("credentials")
            try Self.text.write(toFile: file.string, atomically: true, encoding: .utf8)
            return try body(file, ["HOME": home.string])
        }
    }

    @Test func `the environment comes first, whole or not at all`() async throws {
        try await withHome { _, home in
            let variables = ["AWS_ACCESS_KEY_ID": "AK", "AWS_SECRET_ACCESS_KEY": "SK", "AWS_SESSION_TOKEN": "T"]
            let found = try StoreCredentials.find(in: home.merging(variables) { $1 })
            #expect(found.accessKey == "AK" && found.secret.reveal() == "SK" && found.sessionToken?.reveal() == "T")
            #expect(found.file == nil)
            // Somebody who set one of them did not mean another identity of a file.
            for missing in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
                let half = home.merging(variables) { $1 }.merging([missing: ""]) { $1 }
                #expect(throws: StoreFailure.noCredentials) { try StoreCredentials.find(in: half) }
            }
        }
    }

    @Test func `else the profile of the file`() async throws {
        try await withHome { file, home in
            let found = try StoreCredentials.find(in: home)
            #expect(found.accessKey == "AKDEFAULT" && found.secret.reveal() == "secret/of+default==")
            #expect(found.sessionToken == nil && found.file == file)
            let work = try StoreCredentials.find(in: home.merging(["AWS_PROFILE": "work"]) { $1 })
            #expect(work.accessKey == "AKWORK" && work.secret.reveal() == "of work")
            #expect(work.sessionToken?.reveal() == "token")
            let named = try StoreCredentials.find(in: ["AWS_SHARED_CREDENTIALS_FILE": file.string, "HOME": "/nowhere"])
            #expect(named.accessKey == "AKDEFAULT")
        }
    }

    @Test func `a link to the file is followed`() async throws {
        try await withHome { file, _ in
            let link = file.removingLastComponent().appending("link")
            try FileManager.default.createSymbolicLink(atPath: link.string, withDestinationPath: file.string)
            let found = try StoreCredentials.find(in: ["AWS_SHARED_CREDENTIALS_FILE": link.string])
            #expect(found.accessKey == "AKDEFAULT")
        }
    }

    @Test func `no file, no such profile or half of one: no credentials`() async throws {
        try await withHome { _, home in
            for environment in [
                [:], ["HOME": "/nowhere"], home.merging(["AWS_PROFILE": "half"]) { $1 },
                home.merging(["AWS_PROFILE": "absent"]) { $1 },
            ] {
                #expect(throws: StoreFailure.noCredentials) { try StoreCredentials.find(in: environment) }
            }
        }
    }

    @Test func `what is no file is not read`() async throws {
        try await withTemporaryFolder { folder in
            let pipe = folder.appending("pipe")
            mkfifo(pipe.string, 0o600)
            #expect(
                throws: StoreFailure.file(FileFailure(path: pipe, action: "read", errno: .invalidArgument))
            ) { try StoreCredentials.find(in: ["AWS_SHARED_CREDENTIALS_FILE": pipe.string]) }
        }
    }

    @Test func `a file that is too large is not read`() async throws {
        try await withHome { file, home in
            let text = "[default]\naws_access_key_id = a\naws_secret_access_key = b\n# "
            let fits = text + String(repeating: "x", count: StoreCredentials.largest - text.utf8.count)
            try Data(fits.utf8).write(to: URL(fileURLWithPath: file.string))
            #expect(try StoreCredentials.find(in: home).accessKey == "a")
            try Data((fits + "x").utf8).write(to: URL(fileURLWithPath: file.string))
            #expect(
                throws: StoreFailure.file(FileFailure(path: file, action: "read", errno: .fileTooLarge))
            ) { try StoreCredentials.find(in: home) }
        }
    }

    @Test func `they are not printed`() async throws {
        try await withHome { _, home in
            let found = try StoreCredentials.find(in: home.merging(["AWS_PROFILE": "work"]) { $1 })
            #expect(!"\(found)".contains("of work") && !"\(found)".contains("token)"))
            var dumped = ""
            dump(found, to: &dumped)
            #expect(!dumped.contains("of work"))
        }
    }
}
