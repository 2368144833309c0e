package import Fleet
import Foundation
package import Reporting
import SystemPackage

extension HistoryFolder {
    /// The last readable line, whoever wrote it; `nil` before the first run.
    package func last() throws -> RunRecord? {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path.string) else { return nil }
        for name in names.filter({ $0.hasSuffix(".jsonl") }).sorted().reversed() {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path.appending(name).string))
            if let record = Self.last(in: Array(bytes)) { return record }
        }
        return nil
    }
}
