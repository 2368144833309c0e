import TestSupport

/// libFuzzer's own main function, to be called from ours: SwiftPM names an executable's entry itself.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// Feeds every parser under AddressSanitizer for as long as it is told to; ends at the first crash, which it writes down.
@main
enum FuzzParsers {
    /// A C function can carry nothing along.
    private static let server = try? ReplyServer()

    static func main() {
        var count = CommandLine.argc
        var arguments = CommandLine.unsafeArgv
        _ = runDriver(&count, &arguments) { bytes, size in
            let input = UnsafeBufferPointer(start: bytes, count: size)
            // -1: not worth keeping, it chooses no parser.
            guard let server = FuzzParsers.server, let parser = input.first.flatMap(FuzzedParser.init) else {
                return -1
            }
            parser.feed(Array(input.dropFirst()), through: server)
            return 0
        }
    }
}
