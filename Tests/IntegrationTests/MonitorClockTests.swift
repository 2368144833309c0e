import Decisions
import Fleet
import Foundation
import Host
import Reporting
import SystemPackage
import TestSupport
import Testing

/// A wall clock that jumps between runs, and stamps of another boot.
@Suite(.sharedDatabase)
struct MonitorClockTests {
    private static let twoHours = 7200

    // MARK: The wall clock

    @Test func `a wall clock that jumps ahead skips no cooldown`() async throws {
        try await withPrivateService(["SCALE_UP_COOLDOWN": "600"]) { service in
            _ = try await service.monitor()
            try service.load(150)
            #expect(try await service.monitor().stdout.contains("State: SCALING UP\n"))
            for jump in [Self.twoHours, -Self.twoHours] {
                let held = try await service.monitor(at: .seconds(jump))
                #expect(held.status == 0, "\(held)")
                #expect(try #/cooldown after the step up, 5\d\d s left/#.firstMatch(in: held.stdout) != nil, "\(held)")
                #expect(try service.served()?.count == 2)
            }
        }
    }

    @Test func `a wall clock that jumps back makes no cooldown endless`() async throws {
        try await withPrivateService(["SCALE_UP_COOLDOWN": "2"]) { service in
            _ = try await service.monitor()
            try service.load(150)
            let begin = ContinuousClock.now
            #expect(try await service.monitor(at: .seconds(Self.twoHours)).stdout.contains("State: SCALING UP\n"))
            try await eventually("the second step is taken") {
                try await service.monitor(at: .seconds(-Self.twoHours)).stdout.contains("State: SCALING UP\n")
            }
            #expect(begin.duration(to: .now) >= .seconds(2))
            #expect(try service.served()?.count == 3)
        }
    }

    @Test func `a drain waits its real time, whatever the wall clock says`() async throws {
        try await withPrivateService { service in
            try await service.grow(to: 2)
            try service.configure(["DRAIN_SECONDS": "60"])
            try service.load(1)
            _ = try await service.monitor()
            for jump in [Self.twoHours, -Self.twoHours] {
                let run = try await service.monitor(at: .seconds(jump))
                #expect(run.status == 0, "\(run)")
                #expect(try service.backends().count == 2)
                #expect(try service.served()?.count == 1)
            }
            try service.configure(["DRAIN_SECONDS": "1"])
            try await eventually("the drained one is stopped") {
                _ = try await service.monitor(at: .seconds(-Self.twoHours))
                return try service.backends().count == 1
            }
        }
    }

    @Test func `a wall clock that stands still gives every backend a name of its own, and history its date`()
        async throws
    {
        try await withPrivateService { service in
            try service.load(150)
            for count in 1...3 {
                let run = try await service.monitor(at: .frozen(1_893_456_000))
                #expect(run.status == 0, "\(run)")
                #expect(run.stdout.contains("[2030-01-01 00:00:00] "), "\(run.stdout)")
                #expect(try service.served()?.count == count)
            }
            let base = "\(service.name)_backend_1893456000"
            let state = try service.state()
            #expect(state.history.backends.keys.sorted() == [base, "\(base)_2", "\(base)_3"])
            _ = try await service.monitor(at: .frozen(1_893_455_999))
            let days = try FileManager.default.contentsOfDirectory(atPath: service.history.path.string).sorted()
            #expect(days == ["2029-12-31.jsonl", "2030-01-01.jsonl"])
            #expect(try service.served()?.count == 4)
            #expect(service.ask(times: 8) == Array(repeating: 200, count: 8))
        }
    }

    // MARK: The boot

    @Test func `after another boot a cooldown counts from the beginning of this one`() async throws {
        try await withPrivateService { service in
            try await service.grow(to: 2)
            try service.load(150)
            try service.restampState { stamp in Moment(wall: stamp.wall, sinceBoot: 1 << 40, boot: "of-before") }
            let longest = 86_400  // that the key takes; a boot longer ago than that is past every cooldown
            let uptime = Int(BootClock.seconds)
            if uptime + 300 <= longest {
                try service.configure(["SCALE_UP_COOLDOWN": "\(uptime + 300)"])
                let held = try await service.monitor()
                #expect(
                    try #/cooldown after the step up, (29\d|300) s left/#.firstMatch(in: held.stdout) != nil,
                    "\(held)")
                #expect(!held.stdout.contains("Warning"), "another boot is no fault: \(held.stdout)")
            }
            try service.configure(["SCALE_UP_COOLDOWN": "\(min(uptime, longest))"])
            #expect(try await service.monitor().stdout.contains("State: SCALING UP\n"))
            #expect(try service.served()?.count == 3)
        }
    }

    @Test func `a stamp of this boot's future is said, and waits no longer than one of now`() async throws {
        try await withPrivateService(["SCALE_UP_COOLDOWN": "1"]) { service in
            _ = try await service.monitor()
            try service.load(150)
            #expect(try await service.monitor().stdout.contains("State: SCALING UP\n"))
            try service.restampState { stamp in
                Moment(wall: stamp.wall, sinceBoot: stamp.sinceBoot + 1_000_000_000, boot: stamp.boot)
            }
            let begin = ContinuousClock.now
            let said = try await service.monitor()
            #expect(said.stdout.contains("Warning: A time in the state file lies in the future"), "\(said.stdout)")
            #expect(said.stdout.contains("State: NORMAL\n"))
            try await eventually("the step is taken") {
                let run = try await service.monitor()
                #expect(!run.stdout.contains("lies in the future"), "it was corrected")
                return run.stdout.contains("State: SCALING UP\n")
            }
            #expect(begin.duration(to: .now) >= .seconds(1))
        }
    }
}

extension PrivateService {
    fileprivate struct NoState: Error {}

    fileprivate func state() throws -> State {
        guard case .state(let state) = try StateFile(stateFile).load(for: name) else { throw NoState() }
        return state
    }

    /// Moves the stamp of the last step.
    fileprivate func restampState(_ change: (Moment) -> Moment) throws {
        var state = try state()
        guard let step = state.history.lastStep else { throw NoState() }
        state.history.lastStep = .init(direction: step.direction, time: change(step.time))
        try StateFile(stateFile).save(state)
    }
}
