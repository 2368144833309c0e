import Decisions
import Foundation
import TestSupport
import Testing

@testable import Fleet
@testable import Host
@testable import Reporting

/// What a run leaves on record: enough to decide again, and to be told in another language.
@Suite(.sharedDatabase, .timeLimit(.minutes(2)))
struct MonitorRecordTests {
    @Test func `each run of a day is decided again from its line, step, wait and missing reading alike`() async throws {
        try await withPrivateService([
            "METRICS": "memory,connections", "MEMORY_MIN": "99", "MEMORY_MAX": "100", "SCALE_UP_COOLDOWN": "600",
            "MAX_BACKENDS": "3",
        ]) { service in
            _ = try await service.monitor()
            try service.load(150)
            for _ in 1...2 { _ = try await service.monitor() }
            try service.load(1)
            for _ in 1...3 { _ = try await service.monitor() }
            _ = try service.database.run("DROP TABLE \(service.table)")
            _ = try await service.monitor()
            let records = try service.records()
            #expect(records.count == 7)
            for record in records {
                let inputs = try #require(record.decisionInputs)
                let decision = inputs.decide()
                #expect(RunRecord.RecordedDecision(decision, in: .english) == record.decision)
                #expect(inputs.policy.cooldown(before: .up) == .seconds(600))
                #expect(inputs.policy.bands[.memory] == .init(minimum: 99, maximum: 100))
            }
            #expect(Set(records.map(\.decision.verdict)) == [.up, .down, .hold])
            #expect(records.contains { $0.decision.limits.contains { $0.code == "cooldown" } })
            #expect(records.last?.decision.reason.code == "reading_missing", "\(records)")
        }
    }

    @Test func `why and status tell of an English run in the reader's Spanish`() async throws {
        try await withPrivateService(["SCALE_UP_COOLDOWN": "600", "CONNECTIONS_QUERY": "SELECT 'many'"]) { service in
            _ = try await service.monitor()
            for command in ["why", "status"] {
                let said = try await service.run(command, environment: ["AUTOSCALE_LANGUAGE": "es"]).stdout
                #expect(said.contains("\nDecisión: NORMAL (no hay ninguna lectura disponible)\n"), "\(said)")
                #expect(
                    said.contains(
                        "\nConexiones: la consulta debe devolver una fila con un número entero, y devolvió `many`"),
                    "\(said)")
            }
            try service.configure(["SCALE_UP_COOLDOWN": "600"])
            try service.load(150)
            for _ in 1...2 { _ = try await service.monitor() }
            let said = try await service.run("why", environment: ["AUTOSCALE_LANGUAGE": "es"]).stdout
            #expect(
                said.contains("\nDecisión: NORMAL (Conexiones 150 > 100)\nImpedido: espera tras ampliar"), "\(said)")
        }
    }
}
