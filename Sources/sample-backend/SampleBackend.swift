@main
enum SampleBackend {
    static func main() {}
}
