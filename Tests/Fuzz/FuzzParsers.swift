import TestSupport

/// libFuzzer's own main function, called from ours: SwiftPM makes this module's entry the program's.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// Of LeakSanitizer: what is allocated between the two is taken for needed.
@_silgen_name("__lsan_disable")
private func stopWatchingForLeaks()
@_silgen_name("__lsan_enable")
private func watchForLeaks()

/// Feeds one input to the parser that its first byte chooses; -1: it chooses none, and is not worth keeping.
@_cdecl("LLVMFuzzerTestOneInput")
func feedOneInput(_ bytes: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let input = UnsafeBufferPointer(start: bytes, count: size)
    guard let server = FuzzParsers.server, let parser = input.first.flatMap(FuzzedParser.init) else { return -1 }
    parser.feed(Array(input.dropFirst()), through: server)
    return 0
}

/// Feeds every parser under AddressSanitizer for as long as it is told to; ends at the first crash, which it writes down.
@main
enum FuzzParsers {
    /// A C function can carry nothing along.
    fileprivate static let server = try? ReplyServer()

    static func main() {
        // They live as long as the program, and the sanitizer can't follow a pointer that shares its word with an enum's tag.
        stopWatchingForLeaks()
        FuzzedParser.makeConstants()
        watchForLeaks()
        var count = CommandLine.argc
        var arguments = CommandLine.unsafeArgv
        _ = runDriver(&count, &arguments) { feedOneInput($0, $1) }
    }
}
