import Decisions

/// The fleet as a decision saw it; what is left out is false, none or zero.
package struct RecordedSituation: Codable, Equatable, Sendable {
    package struct Drain: Codable, Equatable, Sendable {
        package let name: String
        package let ready: Bool?
        package let ending: Bool?
    }

    package struct Wait: Codable, Equatable, Sendable {
        package let failures: Int
        package let milliseconds: Int
    }

    package let counted: Int
    package let readyWithoutVictim: Int
    /// Every backend is adopted.
    package let noVictim: Bool?
    package let draining: Drain?
    package let repairs: Bool?
    package let starting: Int?
    package let publishes: Bool?
    package let publicationWait: Wait?
    package let nothingReady: Bool?
    package let stateLost: Bool?
}

extension RecordedSituation {
    init(_ fleet: FleetSituation) {
        func only(_ fact: Bool) -> Bool? { fact ? true : nil }
        counted = fleet.counted
        readyWithoutVictim = fleet.readyWithoutVictim
        noVictim = only(!fleet.hasVictim)
        draining = fleet.draining.map { Drain(name: $0.name, ready: only($0.isReady), ending: only($0.isEnding)) }
        repairs = only(fleet.repairs)
        starting = fleet.starting == 0 ? nil : fleet.starting
        publishes = only(fleet.publishes)
        publicationWait = fleet.publicationWait.map {
            Wait(failures: $0.failures, milliseconds: Int(($0.remaining / .milliseconds(1)).rounded()))
        }
        nothingReady = only(fleet.nothingReady)
        stateLost = only(fleet.stateLost)
    }

    var situation: FleetSituation {
        var fleet = FleetSituation(
            counted: counted, readyWithoutVictim: readyWithoutVictim, hasVictim: noVictim != true,
            draining: draining.map { .init(name: $0.name, isReady: $0.ready == true, isEnding: $0.ending == true) },
            repairs: repairs == true, publishes: publishes == true, nothingReady: nothingReady == true,
            stateLost: stateLost == true)
        fleet.starting = starting ?? 0
        fleet.publicationWait = publicationWait.map {
            .init(failures: $0.failures, remaining: .milliseconds($0.milliseconds))
        }
        return fleet
    }
}
