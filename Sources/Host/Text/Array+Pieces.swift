extension [UInt8] {
    /// What stands between separators, as `split` gives it, one piece at a time: a list of the pieces of a large text takes
    /// many times its memory. Empty pieces are left out.
    package func pieces(separatedBy isSeparator: @escaping (UInt8) -> Bool) -> some Sequence<ArraySlice<UInt8>> {
        sequence(state: startIndex) { position in
            while position < endIndex, isSeparator(self[position]) { position += 1 }
            guard position < endIndex else { return nil }
            let start = position
            while position < endIndex, !isSeparator(self[position]) { position += 1 }
            return self[start..<position]
        }
    }
}
