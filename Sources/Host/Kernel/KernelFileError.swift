package import SystemPackage

/// Why a file of /proc told us nothing.
package enum KernelFileError: Error, Equatable {
    case unreadable(path: String, Errno)
    /// It lacks what we look for; `detail` says what.
    case unintelligible(path: String, detail: String)
}

extension KernelFileError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreadable(let path, let error): "\(path): \(error)"
        case .unintelligible(let path, let detail): "\(path): \(detail)"
        }
    }
}

extension KernelFile {
    /// The whole of a file below a /proc folder.
    package static func bytes(_ name: String, under proc: FilePath) throws(KernelFileError) -> [UInt8] {
        let path = proc.appending(name)
        do throws(Errno) {
            return try bytes(path)
        } catch {
            throw .unreadable(path: path.string, error)
        }
    }
}
