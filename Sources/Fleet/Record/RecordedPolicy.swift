package import Decisions

/// The limits and waits that a decision had to respect, as they were configured then.
package struct RecordedPolicy: Codable, Equatable, Sendable {
    /// MIN and MAX of each metric that took part, by its name.
    package let limits: [String: [Quantity]]
    /// `CONNECTIONS_SCOPE=per_backend`.
    package let perBackend: Bool?
    /// MIN and MAX.
    package let backends: [Int]
    /// Before a step up, and before one down; seconds.
    package let cooldowns: [Int]
    /// Runs that must agree for a step up, and for one down.
    package let samples: [Int]
}

extension RecordedPolicy {
    init(_ policy: ScalingPolicy) {
        limits = Dictionary(
            uniqueKeysWithValues: policy.bands.map { ($0.key.rawValue, [$0.value.minimum, $0.value.maximum]) })
        perBackend = policy.connectionsScope == .perBackend ? true : nil
        backends = [policy.backends.lowerBound, policy.backends.upperBound]
        cooldowns = [policy.upCooldown, policy.downCooldown].map { Int(($0 / .seconds(1)).rounded()) }
        samples = [policy.upSamples, policy.downSamples]
    }

    /// `nil` where a version of this program that knows more has written it, or somebody else.
    var policy: ScalingPolicy? {
        guard backends.count == 2, backends[0] <= backends[1], cooldowns.count == 2, samples.count == 2 else {
            return nil
        }
        var bands: [Metric: ScalingPolicy.Band] = [:]
        for (name, pair) in limits {
            guard let metric = Metric(rawValue: name), pair.count == 2 else { return nil }
            bands[metric] = .init(minimum: pair[0], maximum: pair[1])
        }
        return ScalingPolicy(
            bands: bands, connectionsScope: perBackend == true ? .perBackend : .total,
            backends: backends[0]...backends[1], upCooldown: .seconds(cooldowns[0]),
            downCooldown: .seconds(cooldowns[1]), upSamples: samples[0], downSamples: samples[1])
    }
}
