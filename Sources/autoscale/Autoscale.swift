@main
enum Autoscale {
    static func main() {}
}
