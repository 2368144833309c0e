// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// `AUTOSCALE_FUZZ` adds the fuzz target, and coverage for the libraries that it feeds: see Tests/Fuzz/run.
let fuzzes = Context.environment["AUTOSCALE_FUZZ"] != nil
let fed = fuzzes ? strict + [.unsafeFlags(["-sanitize=fuzzer", "-O"])] : strict

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let flyingFox = Target.Dependency.product(name: "FlyingFox", package: "FlyingFox")
let flyingSocks = Target.Dependency.product(name: "FlyingSocks", package: "FlyingFox")

let reporting: [Target.Dependency] = ["Decisions", "Host", "Connections", "Settings", "Reporting"]
let all = reporting + ["Fleet", "Backups", "Cleaning", "HealthChecks"]

let package = Package(
    name: "autoscale",
    products: [
        .executable(name: "autoscale", targets: ["autoscale"]),
        .executable(name: "backup", targets: ["backup"]),
        .executable(name: "cleanup", targets: ["cleanup"]),
        .executable(name: "healthcheck", targets: ["healthcheck"]),
        .executable(name: "sample-backend", targets: ["sample-backend"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
    ],
    targets: [
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),

        // Each library may import those above it, and nothing below.
        .target(name: "Decisions", swiftSettings: fed),
        .target(name: "Host", dependencies: ["Decisions", crypto, subprocess, system], swiftSettings: fed),
        .target(
            name: "Connections", dependencies: ["Decisions", "Host", "CCurl", "CPostgres", crypto, system],
            swiftSettings: fed),
        .target(name: "Settings", dependencies: ["Decisions", "Host", "Connections", system], swiftSettings: fed),
        .target(
            name: "Reporting", dependencies: ["Decisions", "Host", "Connections", "Settings", logging, system],
            swiftSettings: fed),
        .target(name: "Fleet", dependencies: reporting + [logging, system], swiftSettings: fed),
        .target(name: "Backups", dependencies: reporting + ["Fleet", logging, system], swiftSettings: fed),
        .target(name: "Cleaning", dependencies: reporting + ["Fleet", "Backups", logging, system], swiftSettings: fed),
        .target(
            name: "HealthChecks", dependencies: reporting + ["Fleet", "Backups", logging, system], swiftSettings: fed),
        .target(
            name: "CommandLineSupport", dependencies: all + [argumentParser, logging, system], swiftSettings: strict),

        .executableTarget(
            name: "autoscale", dependencies: all + ["CommandLineSupport", argumentParser], swiftSettings: strict),
        .executableTarget(
            name: "backup", dependencies: all + ["CommandLineSupport", argumentParser], swiftSettings: strict),
        .executableTarget(
            name: "cleanup", dependencies: all + ["CommandLineSupport", argumentParser, logging], swiftSettings: strict),
        .executableTarget(
            name: "healthcheck", dependencies: all + ["CommandLineSupport", argumentParser, logging],
            swiftSettings: strict),
        .executableTarget(
            name: "sample-backend",
            dependencies: ["Decisions", "Host", "Connections", argumentParser, flyingFox, flyingSocks],
            swiftSettings: strict),

        // Without dependencies, so that the tests of the pure target link no C library.
        .target(name: "SeededRandom", path: "Tests/SeededRandom", swiftSettings: strict),
        .target(
            name: "TestSupport",
            dependencies: all + ["CommandLineSupport", "SeededRandom", subprocess, system],
            path: "Tests/TestSupport",
            swiftSettings: strict),
        .executableTarget(
            name: "feed-large-inputs",
            dependencies: ["TestSupport"],
            path: "Tests/LargeInputs", exclude: ["run"],
            swiftSettings: strict),
        .testTarget(
            name: "DecisionsTests", dependencies: ["Decisions", "SeededRandom"], exclude: ["Golden"],
            swiftSettings: strict),
        .testTarget(
            name: "HostTests", dependencies: all + ["SeededRandom", "TestSupport", system], swiftSettings: strict),
        .testTarget(
            name: "ConnectionsTests", dependencies: all + ["SeededRandom", "TestSupport", system, flyingFox],
            swiftSettings: strict),
        .testTarget(
            name: "SettingsTests", dependencies: all + ["SeededRandom", "TestSupport", system], swiftSettings: strict),
        .testTarget(
            name: "FleetTests", dependencies: all + ["SeededRandom", "TestSupport", system], exclude: ["Fixtures"],
            swiftSettings: strict),
        .testTarget(
            name: "BackupsTests", dependencies: all + ["SeededRandom", "TestSupport", system], swiftSettings: strict),
        .testTarget(
            name: "CleaningTests", dependencies: all + ["SeededRandom", "TestSupport", system], swiftSettings: strict),
        .testTarget(name: "ParserTests", dependencies: ["SeededRandom", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "CommandTests", dependencies: all + ["CommandLineSupport", "SeededRandom", "TestSupport", system],
            swiftSettings: strict),
        .testTarget(
            name: "IntegrationTests", dependencies: all + ["SeededRandom", "TestSupport", logging, system],
            swiftSettings: strict),
    ]
)

if fuzzes {
    package.targets.append(
        .executableTarget(
            name: "fuzz-parsers",
            dependencies: ["TestSupport"],
            path: "Tests/Fuzz", exclude: ["Corpus", "run"],
            swiftSettings: fed, linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])]))
}
