import Foundation
import SystemPackage
import TestSupport
import Testing

/// The lines of configuration on the page for a new user, put together as somebody does who pastes one block after the other.
@Suite struct GettingStartedTests {
    private static let page = FilePath(#filePath).removingLastComponent().removingLastComponent()
        .removingLastComponent().appending("docs/getting-started.md")

    /// The settings in all fenced blocks below a heading.
    private func settings(below heading: String) throws -> [String] {
        let lines = try String(contentsOfFile: Self.page.string, encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex(of: "## \(heading)"))
        var isFenced = false
        var found: [String] = []
        for line in lines[(start + 1)...].prefix(while: { !$0.hasPrefix("## ") }) {
            if line.hasPrefix("```") {
                isFenced.toggle()
            } else if isFenced, line.wholeMatch(of: #/[A-Z][A-Z0-9_]+=.*/#) != nil {
                found.append(String(line))
            }
        }
        return found
    }

    @Test(arguments: ["2. Who runs it", "4b. NGINX in a container", "Plain processes instead of Docker"])
    func `the lines of each way and those of step 6 make one configuration`(way: String) async throws {
        let lines = try settings(below: way) + settings(below: "6. The configuration")
        #expect(lines.count > 13)
        try await withTemporaryFolder { folder in
            let file = folder.appending("autoscale.conf")
            try (lines.joined(separator: "\n") + "\n").write(toFile: file.string, atomically: true, encoding: .utf8)
            let shown = try await BuiltBinary("autoscale").run(arguments: ["config", "show", "--config", file.string])
            #expect(shown.status == 0, "\(shown)")
            for line in lines {
                let key = try #require(line.split(separator: "=").first)
                #expect(shown.stdout.contains("\(key)="), "\(shown.stdout)")
            }
        }
    }
}
