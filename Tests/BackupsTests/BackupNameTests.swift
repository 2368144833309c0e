import Backups
import Decisions
import Testing

struct BackupNameTests {
    @Test(
        "a name can be read again, whatever the database is called",
        arguments: ["app", "my_app", "a/b", "..", ".hidden", "Ünï cöde", "100%", "a_20200101_000000", "-x", "a\nb"])
    func roundTrip(_ database: String) {
        let name = BackupName(database: database, time: 1_700_000_000)
        #expect(BackupName(name.description) == name)
        let allowed = name.description.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte & 0xDF) || [0x5F, 0x2D, 0x2E, 0x25].contains(byte)
        }
        #expect(allowed && !name.description.hasPrefix(".") && !name.description.hasPrefix("-"), "\(name)")
        #expect(name.description.hasSuffix("_20231114_221320"))
        for words in [["shop", "7301"], ["1", "2"], []] {
            let marked = BackupName(database: database, time: name.time, mark: BackupName.mark(of: words))
            #expect(BackupName(marked.description) == marked && marked != name)
        }
        let digits = BackupName(database: database, time: name.time, mark: "123456")
        #expect(BackupName(digits.description) == digits)
    }

    @Test("two owners that share a store make different names in the same second")
    func marks() {
        let marks = ["shop", "chat"].flatMap { service in ["7301", "7302"].map { BackupName.mark(of: [service, $0]) } }
        #expect(Set(marks).count == 4)
        #expect(BackupName.mark(of: ["ab", "c"]) != BackupName.mark(of: ["a", "bc"]))
    }

    @Test(
        "what is no name of ours is none",
        arguments: [
            "", "app", "app_20231114", "app_20231114_22132", "app_20231314_221320", "app_20230230_221320",
            "_20231114_221320", "app_20231114_221360", "a b_20231114_221320", "%41_20231114_221320",
            "app_20231114_221320.dump", "app_2023111४_221320",
        ])
    func refused(_ text: String) { #expect(BackupName(text) == nil) }

    @Test(
        "sizes as people read them",
        arguments: [
            (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1536, "1.5 KiB"), (102_400, "100 KiB"),
            (1 << 20, "1.0 MiB"), (1_048_575, "1.0 MiB"), (5 << 30, "5.0 GiB"), (1 << 50, "1024 TiB"),
        ])
    func sizes(_ bytes: Int, _ text: String) { #expect(ByteCount(bytes).description == text) }
}
