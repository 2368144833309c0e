import Foundation
import SystemPackage

extension PrivateDocker {
    /// Makes an image of this package's `sample-backend`, as it was built beside the tests, with the libraries that it
    /// loads.
    /// - Returns: the image's name.
    package func importSampleBackend(
        isolation: isolated (any Actor)? = #isolation
    ) async throws -> String {
        let name = "\(TestImage.repository):sample-backend"
        try await withTemporaryFolder { folder in
            let arguments = [folder.string, BuiltBinary("sample-backend").path.string, "\(address)", name]
            let making = try RunningProcess("/bin/sh", arguments: ["-e", "-c", script, "image"] + arguments)
            defer { making.end() }
            let output = try await making.output(within: .seconds(120))
            guard output.status == 0 else { throw PrivateDockerError(what: "\(name): \(output.stderr)") }
        }
        return name
    }
}

/// ldd(1) names each library as `name => path (address)`, and the loader as `path (address)`.
private let script = #"""
    folder=$1 program=$2
    mkdir "$folder/libraries"
    ldd "$program" | sed -n 's/.* => \([^ ]*\) (.*/\1/p' | xargs cp -L -t "$folder/libraries"
    ldd "$program" | sed -n 's/^[[:space:]]*\(\/[^ ]*\) (.*/\1/p' | xargs cp -L --parents -t "$folder"
    cp "$program" "$folder/sample-backend"
    tar -C "$folder" -c . | docker -H "$3" import --change 'ENV LD_LIBRARY_PATH=/libraries' \
        --change 'CMD ["/sample-backend", "--host", "0.0.0.0"]' - "$4"
    """#
