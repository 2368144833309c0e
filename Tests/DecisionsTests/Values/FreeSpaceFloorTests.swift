import Decisions
import Testing

struct FreeSpaceFloorTests {
    @Test(
        "What is read, and what it asks of 1,000 bytes",
        arguments: [
            ("10%", .percent(10), 100), ("0%", .percent(0), 0), ("99%", .percent(99), 990), ("0", .bytes(0), 0),
            ("5g", .bytes(5 << 30), 5 << 30), ("500M", .bytes(500 << 20), 500 << 20), ("64k", .bytes(64 << 10), 65_536),
            ("7", .bytes(7), 7), ("7b", .bytes(7), 7),
        ] as [(String, FreeSpaceFloor, Int)])
    func reading(_ text: String, _ floor: FreeSpaceFloor, _ bytes: Int) throws {
        #expect(FreeSpaceFloor(text) == floor)
        #expect(floor.floor(ofTotal: 1000) == bytes)
        #expect(FreeSpaceFloor(floor.description) == floor, "printed and read again, it is the same")
    }

    @Test(
        "What is refused",
        arguments: ["", "%", "g", "100%", "-1", "-5g", "+5g", "1.5g", "5 g", "5gb", "5t", "99999999999g", "٣%", "10%%"])
    func refused(_ text: String) { #expect(FreeSpaceFloor(text) == nil) }

    @Test func `a share of the largest number does not overflow`() {
        #expect(FreeSpaceFloor.percent(99).floor(ofTotal: .max) < .max)
        #expect(FreeSpaceFloor.percent(50).floor(ofTotal: 3) == 1)
    }
}
