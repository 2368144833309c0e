import Decisions
import Foundation
import Host
import SystemPackage
import TestSupport
import Testing

/// Goal 11: modes whatever the mask, and links in the place of our files.
@Suite(.sharedDatabase)
struct MonitorFileSafetyTests {
    // MARK: Modes

    @Test func `under umask 000 our files are 0600, our folders 0700, and the upstream file is 0644`() async throws {
        try await withPrivateService { service in
            for load in [50, 150, 1] {
                try service.load(load)
                let run = try await runUnmasked(service)
                #expect(run.status == 0, "\(run)")
            }
            let state = try FileHandle(forWritingTo: URL(filePath: service.stateFile.string))
            try state.truncate(atOffset: 20)
            try state.close()
            let run = try await runUnmasked(service)
            #expect(run.stdout.contains("corrupt-"), "\(run.stdout)")

            var modes: [String: Int] = [:]
            for name in FolderSnapshot(of: service.folder).names where !name.hasPrefix("config") {
                modes[name] = try mode(service.folder.appending(name))
            }
            let folders = modes.filter { ["state", "state/history", "logs"].contains($0.key) }
            #expect(folders.count == 3)
            #expect(Set(folders.values) == [0o700])
            let files = modes.filter { folders[$0.key] == nil }
            for ending in ["json", ".lock", ".jsonl", ".last-good", ".before-autoscale", ".log"] {
                #expect(files.contains { $0.key.hasSuffix(ending) }, "\(ending)")
            }
            #expect(files.contains { $0.key.contains(".corrupt-") })
            #expect(files.filter { $0.value != 0o600 } == [:])
            #expect(try mode(service.nginx.upstreamFile) == 0o644)
        }
    }

    @Test func `what others could read before no longer can be after one run`() async throws {
        try await withPrivateService { service in
            try await dayHasRoom()
            _ = try await service.monitor()
            let state = service.stateFile.removingLastComponent()
            let files = FolderSnapshot(of: state).names.filter {
                $0.hasSuffix(".json") || $0.hasSuffix(".lock") || $0.hasSuffix(".jsonl")
            }
            #expect(files.count == 3)
            for file in files { chmod(state.appending(file).string, 0o664) }
            #expect(try await service.monitor().status == 0)
            for file in files { #expect(try mode(state.appending(file)) == 0o600, "\(file)") }
        }
    }

    private func runUnmasked(_ service: PrivateService) async throws -> ProcessOutput {
        let process = try RunningProcess(
            "/bin/sh",
            arguments: [
                "-c", #"umask 000; exec "$@""#, "sh", service.command.path.string, "monitor", "--config",
                service.configuration.string,
            ], workingDirectory: "/")
        defer { process.end() }
        return try await process.output(within: .seconds(60))
    }

    private func mode(_ path: FilePath) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path.string)[.posixPermissions] as? Int
    }

    // MARK: Links

    /// Where a link leads.
    private enum Lure: String, CaseIterable {
        case file
        case nothing
        case folder
    }

    @Test func `a link in the place of a file of ours is refused with what to do, and nothing is written there`()
        async throws
    {
        try await withPrivateService { service in
            try await dayHasRoom()
            _ = try await service.monitor()
            try service.load(150)
            let state = service.stateFile.removingLastComponent()
            let day = try #require(FolderSnapshot(of: state).names.first { $0.hasSuffix(".jsonl") })
            let copies = ["upstream.conf.last-good", "upstream.conf.before-autoscale"]
            let names = ["autoscale.json", "autoscale.json.lock", "history", day] + copies
            let elsewhere = try makeLures(service)
            for path in names.map({ state.appending($0) }) + [service.nginx.upstreamFile] {
                let aside = FilePath("\(path).aside")
                try FileManager.default.moveItem(atPath: path.string, toPath: aside.string)
                for lure in Lure.allCases {
                    try link(path, to: elsewhere.appending(lure.rawValue))
                    let before = FolderSnapshot(of: elsewhere)
                    let run = try await service.monitor()
                    #expect(run.status == 77, "\(path) to \(lure): \(run)")
                    #expect(run.stdout.contains("Error: \(path) is a symbolic link"), "\(run.stdout)")
                    #expect(run.stdout.contains("readlink -f \(path)"))
                    #expect(FolderSnapshot(of: elsewhere) == before)
                    unlink(path.string)
                }
                try FileManager.default.moveItem(atPath: aside.string, toPath: path.string)
            }
            #expect(try service.backends().count == 1)
            #expect(try await service.monitor().stdout.contains("Backend created successfully\n"), "all is well again")
        }
    }

    @Test func `a link in the place of a temporary file, or of a broken state's new name, leads nowhere`() async throws
    {
        try await withPrivateService { service in
            let elsewhere = try makeLures(service)
            let before = FolderSnapshot(of: elsewhere)
            let state = service.stateFile.removingLastComponent()
            try FileManager.default.createDirectory(
                atPath: state.string, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
            for lure in [Lure.file, .nothing, .folder] {
                let temporaries = [
                    state.appending(".autoscale.json.new"), state.appending(".upstream.conf.last-good.new"),
                    state.appending(".upstream.conf.before-autoscale.new"),
                    service.nginx.upstreamFile.removingLastComponent().appending(".upstream.conf.new"),
                ]
                for temporary in temporaries { try link(temporary, to: elsewhere.appending(lure.rawValue)) }
                try "broken".write(toFile: service.stateFile.string, atomically: true, encoding: .utf8)
                let now = Int(Date().timeIntervalSince1970)
                let places = (now..<now + 30).map { time in
                    let name = WallClock.utc(time).filter { $0 != "-" && $0 != ":" }
                    return FilePath("\(service.stateFile).corrupt-\(name)")
                }
                for place in places { try link(place, to: elsewhere.appending(lure.rawValue)) }
                let run = try await service.monitor()
                #expect(run.status == 0, "\(run)")
                for place in places { unlink(place.string) }
                let kept = FolderSnapshot(of: state).names.filter { $0.contains(".corrupt-") }
                #expect(kept.count == 1 && kept.allSatisfy { $0.hasSuffix("_2") }, "\(kept)")
                for name in kept { unlink(state.appending(name).string) }
                #expect(FolderSnapshot(of: state).names.allSatisfy { !$0.hasSuffix(".new") })
                #expect(FolderSnapshot(of: elsewhere) == before)
            }
        }
    }

    @Test func `NGINX may include the upstream file by a link, which stays`() async throws {
        try await withPrivateService { service in
            let included = service.nginx.upstreamFile
            let ours = service.folder.appending("upstream.conf")
            try FileManager.default.moveItem(atPath: included.string, toPath: ours.string)
            try link(included, to: ours)
            try service.configure(["NGINX_UPSTREAM_FILE": ours.string])
            for load in [50, 150] {
                try service.load(load)
                let run = try await service.monitor()
                #expect(run.status == 0, "\(run)")
                #expect(
                    try FileManager.default.destinationOfSymbolicLink(atPath: included.string) == ours.string)
            }
            #expect(try service.served()?.count == 2)
            #expect(service.ask(times: 4) == [200, 200, 200, 200])
        }
    }

    /// A folder with a file and a folder, whose content no run may touch.
    private func makeLures(_ service: PrivateService) throws -> FilePath {
        let elsewhere = service.folder.removingLastComponent().appending("elsewhere")
        try FileManager.default.createDirectory(
            atPath: elsewhere.appending(Lure.folder.rawValue).string, withIntermediateDirectories: true)
        try DurableFile.replace(elsewhere.appending(Lure.file.rawValue), with: Array("not ours\n".utf8))
        return elsewhere
    }

    private func link(_ path: FilePath, to target: FilePath) throws {
        try FileManager.default.createSymbolicLink(atPath: path.string, withDestinationPath: target.string)
    }

    // MARK: What a killed run left

    @Test func `half-written files of a killed run are gone after a run that has nothing to write there`() async throws
    {
        try await withPrivateService { service in
            _ = try await service.monitor()
            let folder = service.nginx.upstreamFile.removingLastComponent()
            let left = [
                folder.appending(".upstream.conf.new"),
                service.stateFile.removingLastComponent().appending(".upstream.conf.last-good.new"),
            ]
            for file in left { try "upstream app_ba".write(toFile: file.string, atomically: true, encoding: .utf8) }
            let published = FolderSnapshot(of: service.nginx.upstreamFile)
            #expect(try await service.monitor().status == 0)
            for file in left { #expect(!FileManager.default.fileExists(atPath: file.string), "\(file)") }
            #expect(FolderSnapshot(of: service.nginx.upstreamFile) == published)
        }
    }
}
