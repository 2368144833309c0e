import Decisions
import FoundationEssentials
import Host
package import SystemPackage

/// Who we are to a store: from the environment, else from the file that Amazon's own tools read.
package struct StoreCredentials: Equatable, Sendable {
    let accessKey: String
    let secret: Secret
    /// Of temporary credentials.
    let sessionToken: Secret?
    /// The file that they are from; `nil`: from the environment.
    package let file: FilePath?

    /// `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` (and `AWS_SESSION_TOKEN`), else the profile `AWS_PROFILE` or `default`
    /// of `AWS_SHARED_CREDENTIALS_FILE` or `~/.aws/credentials`.
    package static func find(in environment: [String: String]) throws(StoreFailure) -> StoreCredentials {
        let variables = environment.filter { !$0.value.isEmpty }
        if variables["AWS_ACCESS_KEY_ID"] != nil || variables["AWS_SECRET_ACCESS_KEY"] != nil {
            return try StoreCredentials(
                accessKey: variables["AWS_ACCESS_KEY_ID"], secret: variables["AWS_SECRET_ACCESS_KEY"],
                sessionToken: variables["AWS_SESSION_TOKEN"], file: nil)
        }
        guard
            let path = variables["AWS_SHARED_CREDENTIALS_FILE"] ?? variables["HOME"].map({ $0 + "/.aws/credentials" })
        else { throw .noCredentials }
        let values = profile(variables["AWS_PROFILE"] ?? "default", in: try text(of: FilePath(path)))
        return try StoreCredentials(
            accessKey: values["aws_access_key_id"], secret: values["aws_secret_access_key"],
            sessionToken: values["aws_session_token"], file: FilePath(path))
    }

    private init(
        accessKey: String?, secret: String?, sessionToken: String?, file: FilePath?
    ) throws(StoreFailure) {
        guard let accessKey, let secret, !accessKey.isEmpty, !secret.isEmpty else { throw .noCredentials }
        self.accessKey = accessKey
        self.secret = Secret(secret)
        self.sessionToken = sessionToken.flatMap { $0.isEmpty ? nil : Secret($0) }
        self.file = file
    }

    /// Links are followed: it is the user's own file, and often one of a folder of dotfiles.
    private static func text(of path: FilePath) throws(StoreFailure) -> String {
        do {
            guard let kind = try FileOwnership(of: path, followingLinks: true)?.kind else {
                throw StoreFailure.noCredentials
            }
            guard kind == .file else { throw Errno.invalidArgument }
            let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec])
            return try file.closeAfter {
                guard try file.seek(offset: 0, from: .end) <= largest else { throw Errno.fileTooLarge }
                try file.seek(offset: 0, from: .start)
                return String(decoding: try file.readToEnd(), as: UTF8.self)
            }
        } catch let failure as StoreFailure {
            throw failure
        } catch {
            throw .file(FileFailure(path: path, action: "read", errno: error as? Errno ?? .ioError))
        }
    }

    /// In bytes: a longer file is something else, and is not read.
    package static let largest = 1 << 20

    /// `[name]`, then `key = value`; lines that start with `#` or `;` are comments.
    package static func profile(_ name: String, in text: String) -> [String: String] {
        var values: [String: String] = [:]
        var isInside = false
        for line in text.split(whereSeparator: \.isNewline) where StreamSafeText.isSafe(line) {
            let line = line.trimmed
            if line.hasPrefix("[") {
                isInside = line.hasSuffix("]") && line.dropFirst().dropLast().trimmed == name
            } else if isInside, !line.hasPrefix("#"), !line.hasPrefix(";"), let equals = line.firstIndex(of: "=") {
                values[line[..<equals].trimmed.lowercased()] = String(line[line.index(after: equals)...].trimmed)
            }
        }
        return values
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var text = drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
