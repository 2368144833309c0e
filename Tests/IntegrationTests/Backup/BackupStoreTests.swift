import Backups
import Connections
import Foundation
import SystemPackage
import TestSupport
import Testing

/// `backup` and its copy in a store, as an operator has them: the built program against a server that checks signatures.
@Suite(.sharedDatabase, .sharedStore)
struct BackupStoreTests {
    private static let few = [
        "BACKUP_KEEP_LAST": "1", "BACKUP_KEEP_DAILY": "0", "BACKUP_KEEP_WEEKLY": "0", "BACKUP_KEEP_MONTHLY": "0",
        "BACKUP_KEEP_MIN": "1",
    ]

    private func withBackups(
        _ settings: [String: String] = [:],
        _ body: (PrivateBackups, PrivateStore.Bucket) async throws -> Void
    ) async throws {
        let bucket = try PrivateStore.bucket()
        try await withPrivateBackups(bucket.settings.merging(settings) { $1 }) { backups in
            try backups.sql("CREATE TABLE t AS SELECT i, md5(i::text) FROM generate_series(1, 1000) i")
            try await body(backups, bucket)
        }
    }

    private func report(_ output: ProcessOutput) throws -> BackupReport {
        try JSONDecoder().decode(BackupReport.self, from: Data(output.stdout.utf8))
    }

    /// The files of one backup in the store.
    private func keys(_ name: String) -> [String] {
        [".dump", ".globals.sql", ".json"].map { "nightly/app/\(name)\($0)" }
    }

    private func expectLocalIsWhole(_ backups: PrivateBackups, count: Int = 1) async throws {
        let listing = try await backups.listing()
        #expect(listing.count == count)
        #expect(listing.allSatisfy { $0.problem == nil && $0.verification != nil }, "\(listing)")
        #expect(try await backups.run("verify", "--all").status == 0)
        #expect(backups.files.allSatisfy { !$0.hasSuffix(".part") })
    }

    // MARK: All is well

    @Test func `the copy has the same bytes, and both manifests say where it is`() async throws {
        try await withBackups { backups, bucket in
            let run = try await backups.run("run", "--json", environment: bucket.store.environment)
            #expect(run.status == 0, "\(run)")
            let report = try report(run)
            let name = try #require(report.name)
            #expect(try bucket.keys() == keys(name))
            for key in keys(name) {
                let stored = try bucket.ask(.get, "/\(key)").body
                let file = "\(backups.backups)/\(key.split(separator: "/").last ?? "")"
                #expect(FileManager.default.contents(atPath: file).map { Array($0) } == stored)
            }
            let url = "s3://\(bucket.name)/nightly/app/\(name).dump"
            #expect(report.uploadedTo == url && report.keptInStore == 1)
            #expect(try backups.manifest(name).upload?.url == url)
            #expect(try await backups.listing().first?.uploadedTo == url)
            #expect(run.stderr.contains("Uploaded to \(url): "))
        }
    }

    @Test func `list --remote shows what the store has, here and as JSON`() async throws {
        try await withBackups { backups, bucket in
            let empty = try await backups.run("list", "--remote", environment: bucket.store.environment)
            #expect(empty.status == 0)
            #expect(empty.stdout == "There is no backup in s3://\(bucket.name)/nightly/app\n", "\(empty)")
            let name = try #require(
                try report(try await backups.run("run", "--json", environment: bucket.store.environment)).name)
            for file in backups.files { try FileManager.default.removeItem(atPath: "\(backups.backups)/\(file)") }
            let text = try await backups.run("list", "--remote", environment: bucket.store.environment)
            #expect(text.status == 0 && text.stdout.hasPrefix("\(name)  "), "\(text)")
            #expect(text.stdout.contains("read in full") && text.stdout.contains("newest 1 of 4"))
            let json = try await backups.run("list", "--remote", "--json", environment: bucket.store.environment)
            let listing = try JSONDecoder().decode(BackupListing.self, from: Data(json.stdout.utf8))
            #expect(listing.folder == "s3://\(bucket.name)/nightly/app")
            #expect(listing.backups.map(\.name) == [name] && listing.backups.first?.rows == 1000)
            #expect(try await backups.listing().isEmpty)
        }
    }

    @Test func `a copy that has lost a file, or has another length, is not good`() async throws {
        try await withBackups { backups, bucket in
            let name = try #require(
                try report(try await backups.run("run", "--json", environment: bucket.store.environment)).name)
            func problem() async throws -> String? {
                let json = try await backups.run("list", "--remote", "--json", environment: bucket.store.environment)
                let listing = try JSONDecoder().decode(BackupListing.self, from: Data(json.stdout.utf8))
                return listing.backups.first?.problem
            }
            #expect(try await problem() == nil)
            try bucket.ask(.put, "/nightly/app/\(name).globals.sql", body: [1])
            #expect(try await problem()?.contains("has 1 bytes instead of") == true)
            try bucket.ask(.delete, "/nightly/app/\(name).globals.sql")
            #expect(try await problem() == "\(name).globals.sql is missing")
            try bucket.ask(.delete, "/nightly/app/\(name).json")
            #expect(try await problem() == "no manifest")
        }
    }

    @Test func `the file of credentials does, too; one that all can read is told`() async throws {
        try await withBackups { backups, bucket in
            let file = backups.folder.appending("credentials")
            let text = """
                [default]
                aws_access_key_id = AKWRONG
                aws_secret_access_key = wrong
                [backups]
                aws_access_key_id = \(bucket.store.accessKey)
                aws_secret_access_key = \(bucket.store.secret)
                """
            try text.write(toFile: file.string, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.string)
            let environment = ["AWS_SHARED_CREDENTIALS_FILE": file.string, "AWS_PROFILE": "backups"]
            let run = try await backups.run(environment: environment)
            #expect(run.status == 0 && !run.stdout.contains("can be read by everybody"), "\(run)")
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file.string)
            let warned = try await backups.run(environment: environment)
            #expect(warned.status == 0)
            #expect(warned.stdout.contains("Warning: \(file) can be read by everybody; run: chmod o-r \(file)"))
            #expect(try await backups.run(environment: ["AWS_SHARED_CREDENTIALS_FILE": file.string]).status == 3)
        }
    }

    @Test func `fetched by other means into an empty folder, the copy verifies and restores`() async throws {
        try await withBackups { backups, bucket in
            let name = try #require(
                try report(try await backups.run("run", "--json", environment: bucket.store.environment)).name)
            for file in backups.files { try FileManager.default.removeItem(atPath: "\(backups.backups)/\(file)") }
            for key in keys(name) {
                let bytes = Data(try bucket.ask(.get, "/\(key)").body)
                try bytes.write(
                    to: URL(filePath: "\(backups.backups)/\(key.split(separator: "/").last ?? "")"))
            }
            let verified = try await backups.run("verify", name)
            #expect(verified.status == 0, "\(verified)")
            defer { _ = try? backups.server.run("DROP DATABASE IF EXISTS \(backups.name)_back") }
            let restored = try await backups.run("restore", name, "--into", "\(backups.name)_back")
            #expect(restored.status == 0, "\(restored)")
            #expect(
                try backups.server.run("SELECT count(*) FROM t", database: "\(backups.name)_back").rows == [["1000"]])
        }
    }

    // MARK: Retention

    @Test func `the store is thinned out by the same rules, and only what is ours`() async throws {
        try await withBackups(Self.few) { backups, bucket in
            let foreign = [
                "nightly/app/\(backups.name)_copy_20200101_000000.dump",  // of another database
                "nightly/app/\(backups.name)_20200101_000000.dump",  // nobody knows whether it is good
                "nightly/app/notes.txt", "other/\(backups.name)_20200101_000000.json",
            ]
            for key in foreign { try bucket.ask(.put, "/\(key)", body: [1]) }
            var names: [String] = []
            for _ in 0..<3 {
                let run = try await backups.run("run", "--json", environment: bucket.store.environment)
                #expect(run.status == 0, "\(run)")
                let report = try report(run)
                #expect(report.removedFromStore == Array(names.suffix(1)))
                #expect(report.keptInStore == 2, "the new one, and the one that nobody knows")
                if let old = names.last {
                    #expect(run.stderr.contains("Removed: s3://\(bucket.name)/nightly/app/\(old) ("))
                }
                names.append(try #require(report.name))
            }
            #expect(try bucket.keys() == (foreign + keys(names[2])).sorted())
        }
    }

    @Test func `prune shows both places, then prunes both`() async throws {
        try await withBackups { backups, bucket in
            var names: [String] = []
            for _ in 0..<2 {
                let run = try await backups.run("run", "--json", environment: bucket.store.environment)
                names.append(try #require(try report(run).name))
            }
            try backups.configure(bucket.settings.merging(Self.few) { $1 })
            let plan = try await backups.run("prune", "--dry-run", environment: bucket.store.environment)
            #expect(plan.status == 0, "\(plan)")
            let lines = plan.stdout.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            #expect(lines[0] == "\(backups.backups):" && lines[4] == "s3://\(bucket.name)/nightly/app:", "\(lines)")
            for first in [1, 5] {
                #expect(lines[first].hasPrefix("keep    \(names[1])  "))
                #expect(lines[first + 1].hasPrefix("remove  \(names[0])  "))
            }
            let json = try await backups.run("prune", "--dry-run", "--json", environment: bucket.store.environment)
            let listing = try JSONDecoder().decode(BackupListing.self, from: Data(json.stdout.utf8))
            #expect(listing.elsewhere?.map(\.folder) == ["s3://\(bucket.name)/nightly/app"])
            #expect(backups.files.count == 6)
            #expect(try bucket.keys().count == 6)

            let run = try await backups.run("prune", "--json", environment: bucket.store.environment)
            let report = try JSONDecoder().decode(BackupPruningReport.self, from: Data(run.stdout.utf8))
            #expect(run.status == 0 && report.removed == [names[0]] && report.removedFromStore == [names[0]], "\(run)")
            #expect(report.kept == 1 && report.keptInStore == 1)
            #expect(backups.files.count == 3)
            #expect(try bucket.keys() == keys(names[1]))
        }
    }

    @Test func `prune without its store prunes here, and is partly done`() async throws {
        try await withBackups { backups, bucket in
            for _ in 0..<2 { #expect(try await backups.run(environment: bucket.store.environment).status == 0) }
            try backups.configure(bucket.settings.merging(Self.few) { $1 })
            let run = try await backups.run("prune")
            #expect(run.status == 3 && run.stdout.contains("Error: The store can't be used: no credentials"), "\(run)")
            #expect(backups.files.count == 3)
            #expect(try bucket.keys().count == 6)
            #expect(try await backups.run("prune", "--dry-run").status == 78)
        }
    }

    // MARK: It fails

    enum Trouble: String, CaseIterable, Sendable {
        case wrongSecret, unknownKey, noCredentials, noBucket, nobodyListens

        var words: String {
            switch self {
            case .wrongSecret: "HTTP 403: SignatureDoesNotMatch: "
            case .unknownKey: "HTTP 403: InvalidAccessKeyId: "
            case .noCredentials: "no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
            case .noBucket: "HTTP 404: NoSuchBucket: "
            case .nobodyListens: "connection refused"
            }
        }

        /// Of `list --remote`.
        var status: Int32 {
            switch self {
            case .wrongSecret, .unknownKey: 77
            case .noCredentials: 78
            case .noBucket, .nobodyListens: 69
            }
        }
    }

    @Test(arguments: Trouble.allCases)
    func `a failed upload leaves the local backup, removes nothing and exits 3`(trouble: Trouble) async throws {
        try await withBackups(Self.few) { backups, bucket in
            #expect(try await backups.run(environment: bucket.store.environment).status == 0)
            let before = try bucket.keys()
            var settings = bucket.settings.merging(Self.few) { $1 }
            var environment = bucket.store.environment
            switch trouble {
            case .wrongSecret: environment["AWS_SECRET_ACCESS_KEY"] = "canary-wrong"
            case .unknownKey: environment["AWS_ACCESS_KEY_ID"] = "AKIAUNKNOWN"
            case .noCredentials: environment = [:]
            case .noBucket: settings["BACKUP_UPLOAD_URL"] = "s3://not-there/app"
            case .nobodyListens: settings["BACKUP_UPLOAD_ENDPOINT"] = "http://127.0.0.1:\(try freePort())"
            }
            try backups.configure(settings)
            let run = try await backups.run(environment: environment)
            #expect(run.status == 3, "\(run)")
            #expect(run.stdout.contains("Error: The upload failed, the local backup is whole: "))
            #expect(run.stdout.contains(trouble.words), "\(run)")
            #expect(!run.stdout.contains("Removed") && !"\(run)".contains("canary"))
            try await expectLocalIsWhole(backups, count: 2)
            #expect(try bucket.keys() == before)

            let list = try await backups.run("list", "--remote", environment: environment)
            #expect(list.status == trouble.status && list.stdout.isEmpty, "\(list)")
            #expect(list.stderr.contains("The store can't be used: ") && list.stderr.contains(trouble.words))
        }
    }

    @Test func `without a store, list --remote says which key is missing`() async throws {
        try await withPrivateBackups { backups in
            let list = try await backups.run("list", "--remote")
            #expect(list.status == 78 && list.stderr == "BACKUP_UPLOAD_URL is not set\n")
        }
    }

    @Test func `a store that answers nonsense fails the upload`() async throws {
        try await withBackups { backups, bucket in
            try await withCannedServer { _ in
                CannedServer.answer(body: "<html>Welcome</html>")
            } _: { server in
                let endpoint = "http://127.0.0.1:\(try server.port)"
                try backups.configure(bucket.settings.merging(["BACKUP_UPLOAD_ENDPOINT": endpoint]) { $1 })
                let run = try await backups.run(environment: bucket.store.environment)
                #expect(run.status == 3 && run.stdout.contains("the store's answer can't be read"), "\(run)")
                try await expectLocalIsWhole(backups)
            }
        }
    }

    @Test func `a store that hangs ends with BACKUP_TIMEOUT`() async throws {
        try await withBackups { backups, bucket in
            try await withCannedServer { _ in
                .silence
            } _: { server in
                let endpoint = "http://127.0.0.1:\(try server.port)"
                try backups.configure(
                    bucket.settings.merging(["BACKUP_UPLOAD_ENDPOINT": endpoint, "BACKUP_TIMEOUT": "5"]) { $1 })
                let begin = ContinuousClock.now
                let run = try await backups.run(environment: bucket.store.environment)
                #expect(run.status == 3 && run.stdout.contains("no answer within "), "\(run)")
                #expect(begin.duration(to: .now) < .seconds(30))
                try await expectLocalIsWhole(backups)
            }
        }
    }

    // MARK: It is ended

    /// Runs `backup` against a store that takes the list's request and then says nothing.
    private func withHangingUpload(
        _ backups: PrivateBackups, _ bucket: PrivateStore.Bucket, secret: String? = nil,
        _ body: (RunningProcess) async throws -> Void
    ) async throws {
        try await withCannedServer { head in
            guard head.hasPrefix("GET") else { return .silence }
            let root = head.contains("uploads=") ? "ListMultipartUploadsResult" : "ListBucketResult"
            return CannedServer.answer(body: "<\(root)></\(root)>")
        } _: { server in
            let endpoint = "http://127.0.0.1:\(try server.port)"
            try backups.configure(bucket.settings.merging(["BACKUP_UPLOAD_ENDPOINT": endpoint]) { $1 })
            var environment = RunningProcess.cronEnvironment.merging(bucket.store.environment) { $1 }
            if let secret { environment["AWS_SECRET_ACCESS_KEY"] = secret }
            try await backups.command.withRunning(
                arguments: ["--config", backups.configuration.string], environment: environment
            ) { process in
                try await eventually("the upload is under way", within: .seconds(60)) {
                    server.requests.contains { $0.hasPrefix("PUT") }
                }
                try await body(process)
                #expect(server.requests.allSatisfy { secret == nil || !$0.contains(secret ?? "") })
            }
        }
        try backups.configure(bucket.settings)
    }

    @Test func `SIGTERM in an upload ends it at once; the local backup stays`() async throws {
        try await withBackups { backups, bucket in
            try await withHangingUpload(backups, bucket) { process in
                process.send(SIGTERM)
                let begin = ContinuousClock.now
                let ended = try await process.output(within: .seconds(10))
                #expect(ended.status == 143)
                #expect(begin.duration(to: .now) < .seconds(3))
            }
            try await expectLocalIsWhole(backups)
            #expect(try await backups.listing().first?.uploadedTo == nil)
        }
    }

    /// What a killed run leaves in a store: a dump without its manifest, or an upload in parts; and of a removal: a manifest
    /// without its dump.
    @Test func `killed in an upload: the next run is fine, and clears the store`() async throws {
        try await withBackups { backups, bucket in
            try await withHangingUpload(backups, bucket) { process in
                process.send(SIGKILL)
                let ended = try await process.output()
                #expect(ended.end == .signalled(SIGKILL))
            }
            try await expectLocalIsWhole(backups)
            let killed = try #require(try await backups.listing().first).name
            let folder = "/nightly/app/"
            try bucket.ask(.put, "\(folder)\(killed).dump", body: [1])
            try bucket.ask(.post, "\(folder)\(killed).globals.sql?uploads=")
            let removed = BackupName(database: backups.name, time: 1_600_000_000).description
            let manifest = try #require(FileManager.default.contents(atPath: "\(backups.backups)/\(killed).json"))
            let text = String(decoding: manifest, as: UTF8.self).replacing(killed, with: removed)
            try bucket.ask(.put, "\(folder)\(removed).json", body: Array(text.utf8))
            let foreign = BackupName(database: backups.name, time: 1_600_000_001).description
            try bucket.ask(.post, "\(folder)\(foreign).dump?uploads=")

            let run = try await backups.run("run", "--json", environment: bucket.store.environment)
            #expect(run.status == 0, "\(run)")
            #expect(run.stderr.contains("cleared from the store: 3"), "\(run)")
            let name = try #require(try report(run).name)
            #expect(try bucket.keys() == keys(name))
            #expect(try bucket.partialUploads() == ["nightly/app/\(foreign).dump"], "not of this folder: not ours")
            try await expectLocalIsWhole(backups, count: 2)
        }
    }

    // MARK: Secrets

    @Test func `the secret is in no argument, output or file`() async throws {
        let canary = "canary+secret/of=the+store"
        try await withBackups { backups, bucket in
            try await withHangingUpload(backups, bucket, secret: canary) { process in
                let processes = try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { Int32($0) }
                #expect(processes.contains(process.pid))
                for pid in processes {
                    let arguments = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") ?? Data()
                    #expect(!String(decoding: arguments, as: UTF8.self).contains(canary))
                }
                process.send(SIGTERM)
                #expect(!"\(try await process.output())".contains("canary"))
            }
            // And refused by a real one, which repeats in its answer what was signed.
            var environment = bucket.store.environment
            environment["AWS_SECRET_ACCESS_KEY"] = canary
            for arguments in [["run", "--json"], ["list", "--remote"], ["prune"]] {
                let run = try await backups.command.run(
                    arguments: arguments + ["--config", backups.configuration.string],
                    environment: RunningProcess.cronEnvironment.merging(environment) { $1 })
                #expect(run.status != 0 && !"\(run)".contains("canary"), "\(run)")
            }
            let everything = try #require(FileManager.default.enumerator(atPath: backups.folder.string))
            for case let file as String in everything {
                let bytes = FileManager.default.contents(atPath: "\(backups.folder)/\(file)") ?? Data()
                #expect(!String(decoding: bytes, as: UTF8.self).contains("canary"), "\(file)")
            }
        }
    }
}
