import Glibc
package import SystemPackage

/// Two descriptors, of which what is written to one can be read from the other; pipe(2). A child inherits neither, unless
/// it gets one of them as its standard input or output.
package struct PipeEnds {
    package let readEnd: FileDescriptor
    package let writeEnd: FileDescriptor

    package init() throws(Errno) {
        do {
            (readEnd, writeEnd) = try FileDescriptor.pipe()
        } catch {
            throw error as? Errno ?? .tooManyOpenFiles
        }
        for end in [readEnd, writeEnd] { _ = fcntl(end.rawValue, F_SETFD, FD_CLOEXEC) }
    }
}
