import Testing

@testable import Decisions

/// What NGINX does not take is tried again less and less often.
struct PublicationBackOffTests {
    private let now = ScalingPolicyTests.moment(after: 0)

    @Test func `one retry is free, and then 2, 4, 8, 16, 30 and 30 minutes pass`() {
        var backOff: PublicationBackOff?
        for minutes in [nil, 2, 4, 8, 16, 30, 30] as [Int?] {
            backOff = .after(backOff, circumstances: "x", at: now)
            let remaining = backOff?.remaining(at: now, circumstances: "x")
            #expect(remaining == minutes.map { .seconds(60 * $0) })
        }
        #expect(backOff?.failures == 7)
    }

    @Test(arguments: [(114_999, Duration.milliseconds(5_001)), (115_000, nil), (120_000, nil), (900_000, nil)])
    func `a cron tick that comes a little early is not put off`(milliseconds: Int, remaining: Duration?) {
        let backOff = PublicationBackOff(failures: 2, since: now, circumstances: "x")
        let then = ScalingPolicyTests.moment(after: milliseconds)
        #expect(backOff.remaining(at: then, circumstances: "x") == remaining)
    }

    @Test func `when anything is another it is tried at once, and counts from one`() {
        let backOff = PublicationBackOff(failures: 9, since: now, circumstances: "x")
        #expect(backOff.remaining(at: now, circumstances: "y") == nil)
        #expect(PublicationBackOff.after(backOff, circumstances: "y", at: now).failures == 1)
    }

    @Test("Failures count on from anything", arguments: [Int.max, -1, .min])
    func damaged(failures: Int) {
        let backOff = PublicationBackOff(failures: failures, since: now, circumstances: "x")
        let next = PublicationBackOff.after(backOff, circumstances: "x", at: now)
        #expect(next.failures == (failures < 0 ? 1 : .max))
        #expect(next.remaining(at: now, circumstances: "x").map { $0 <= .seconds(1800) } ?? true)
    }

    @Test func `a stamp of the future is no wait for ever`() {
        var history = ScalingHistory()
        history.publishing = .init(
            failures: 2, since: ScalingPolicyTests.moment(after: 9_000_000), circumstances: "x")
        let corrected = history.correctingFutureStamps(at: now)
        #expect(corrected.publishing?.since == now)
    }

    @Test func `while it waits no step is taken, and the next try is told`() {
        var fleet = ScalingPolicyTests.fleet(2)
        fleet.publicationWait = .init(failures: 3, remaining: .seconds(200))
        for direction in [Direction.up, .down] {
            let limits = ScalingPolicyTests.limits(direction, fleet)
            #expect(limits == [.unpublished(failures: 3, remaining: .seconds(200))])
            #expect(limits.first?.sentence(in: .english).contains("3 publications: next try in 200 s") == true)
            #expect(limits.first?.sentence(in: .spanish).contains("próximo intento en 200 s") == true)
        }
    }
}
