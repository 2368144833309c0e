import Host
import SystemPackage

/// Standard output, for results. What can't be written (a closed pipe, a full disk) ends nothing.
package enum StandardOutput {
    package static func print(_ text: String) {
        _ = try? FileDescriptor.standardOutput.writeAll((text + "\n").utf8)
    }

    package static func printJSON(_ value: some Encodable) {
        print(String(decoding: StableJSON.bytes(value, pretty: true).dropLast(), as: UTF8.self))
    }
}

/// Standard error, for what is no result.
package enum StandardError {
    package static func print(_ text: String) {
        _ = try? FileDescriptor.standardError.writeAll((text.escapingControls(keepingNewlines: true) + "\n").utf8)
    }
}
