/// What somebody may have meant who wrote a word that is none of ours.
package enum Spelling {
    /// The word that needs the fewest changes; `nil` where all need more than a third of the letters, or two.
    package static func nearest(to word: String, among words: [String]) -> String? {
        let allowed = max(2, word.utf8.count / 3)
        // The distance is never less than the difference of the lengths, which costs nothing.
        let near = words.filter { abs($0.utf8.count - word.utf8.count) <= allowed }
        let scored = near.map { (word: $0, distance: editDistance(Array(word.utf8), Array($0.utf8))) }
        guard let best = scored.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance <= allowed ? best.word : nil
    }

    /// Insertions, deletions, substitutions and swapped neighbours (optimal string alignment).
    private static func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var rows = [Array(0...right.count)]
        for (i, a) in left.enumerated() {
            var row = [i + 1]
            for (j, b) in right.enumerated() {
                var distance = min(rows[i][j] + (a == b ? 0 : 1), rows[i][j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, a == right[j - 1], left[i - 1] == b {
                    distance = min(distance, rows[i - 1][j - 1] + 1)
                }
                row.append(distance)
            }
            rows.append(row)
        }
        return rows[left.count][right.count]
    }
}
