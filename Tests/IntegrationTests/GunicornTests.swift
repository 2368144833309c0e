import Decisions
import Fleet
import Foundation
import Host
import SystemPackage
import TestSupport
import Testing

/// A real application server that sets its title (gunicorn with setproctitle) as the backend.
@Suite(.sharedDatabase, .serialized)
struct GunicornTests {
    private func withGunicorn(
        _ options: String = "", _ body: (PrivateService) async throws -> Void
    ) async throws {
        let program = try await PrivateGunicorn.program()
        try await withPrivateService { service in
            try """
            import os
            def app(environ, start_response):
                start_response('200 OK', [('Content-Type', 'text/plain')])
                return [os.environ.get('GREETING', 'hello').encode()]

            """.write(toFile: service.folder.appending("page.py").string, atomically: true, encoding: .utf8)
            try service.configure([
                "BACKEND_COMMAND": "\(program) --workers 2 \(options) --chdir \(service.folder) page:app",
                "MAX_BACKENDS": "2",
                "DRAIN_SECONDS": "1",
            ])
            try await body(service)
        }
    }

    private func masters(_ service: PrivateService) throws -> [ProcessTable.Status] {
        try service.backends().filter { process in
            ProcessTable.commandLine(of: process.identity.pid).first?.hasPrefix("gunicorn: master") == true
        }
    }

    @Test func `a titled backend is counted, published, drained and stopped, and never started again`() async throws {
        try await withGunicorn { service in
            #expect(try await service.monitor().status == 0)
            try await eventually("it has its title") { try masters(service).count == 1 }
            let first = try masters(service)
            let environment = try ProcessTable.environment(
                of: first[0].identity.pid, containing: "AUTOSCALE_SERVICE=\(service.name)")
            #expect(environment == nil, "the title is written over it")
            for _ in 1...3 {
                let run = try await service.monitor()
                #expect(run.status == 0 && run.stdout.hasSuffix("State: NORMAL\n"), "\(run)")
                #expect(try masters(service) == first)
            }
            try service.load(150)
            let up = try await service.monitor()
            #expect(up.stdout.contains("Backend created successfully"), "\(up)")
            try await eventually("the second has its title") { try masters(service).count == 2 }
            let full = try await service.monitor()
            #expect(full.stdout.contains("MAX_BACKENDS (2) reached"), "\(full)")
            #expect(try service.served()?.count == 2)
            #expect(service.ask(times: 20) == Array(repeating: 200, count: 20))
            try service.load(1)
            try await eventually("it is one again", within: .seconds(30)) {
                #expect(try await service.monitor().status == 0)
                return try service.backends().count == 1
            }
            #expect(try masters(service) == first)
            #expect(try processesWorking(in: service.folder).count == 3, "a master and its two workers")
            #expect(service.ask(times: 5) == Array(repeating: 200, count: 5))
        }
    }

    @Test func `one that puts itself into the background is ended and named, run after run`() async throws {
        try await withGunicorn("--daemon") { service in
            for _ in 1...2 {
                let run = try await service.monitor()
                #expect(run.status == 1, "\(run)")
                #expect(try processesWorking(in: service.folder) == [], "\(run)")
            }
        }
    }
}
