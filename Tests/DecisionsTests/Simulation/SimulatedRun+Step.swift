@testable import Decisions

// MonitorRun+Step.swift
extension SimulatedRun {
    mutating func take(_ step: Step, _ fleet: inout FleetAtWork) -> Bool {
        do throws(Stop) {
            switch step {
            case .start: try stepUp(&fleet)
            case .takeBack(let backend):
                fleet.serving.append(backend)
                try publish(&fleet)
            case .drain(let victim): try stepDown(victim, &fleet)
            }
            return true
        } catch {
            hasFailed = true
            return false
        }
    }

    private mutating func stepUp(_ fleet: inout FleetAtWork) throws(Stop) {
        guard let operation = fleet.history.operation?.backend else { return }
        if bug == .startsTwo { _ = try start(newName(2), &fleet) }
        guard let backend = try start(operation, &fleet), try welcome([backend], &fleet) else {
            fleet.history.operation = nil
            return try publish(&fleet)
        }
        do throws(Stop) {
            try publish(&fleet)
            fleet.history.operation = nil
        } catch {
            guard error == .publishFailed else { throw error }
            fleet.history.operation = nil
            fleet.history.recordFailedStart(at: now)
            fleet.serving.removeAll { $0 == backend }
            fleet.live = world.nginx.served
            if fleet.isOut(backend) {
                fleet.history.backends[backend.name, default: .init()].departure = .init(
                    left: world.clock.now, isStopOrdered: true)
                save(fleet.history)
                try remove(backend, &fleet)
            }
            throw error
        }
    }

    private mutating func stepDown(_ victim: Backend, _ fleet: inout FleetAtWork) throws(Stop) {
        if bug == .stopsBeforeDraining { try remove(victim, &fleet) }
        let serving = fleet.serving
        fleet.serving.removeAll { $0 == victim }
        do throws(Stop) {
            try publish(&fleet)
            fleet.history.operation?.left = world.clock.now
        } catch {
            fleet.history.operation = nil
            fleet.serving = serving
            throw error
        }
    }
}
