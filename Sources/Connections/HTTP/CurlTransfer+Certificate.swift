import CCurl
import SystemPackage

extension CurlTransfer {
    func setTrust() throws(HTTPFailure) {
        try check(ccurl_set_long(handle, CURLOPT_CERTINFO, 1))
        switch request.trust {
        case .system: break
        case .authorities(let file): try setString(CURLOPT_CAINFO, file.string)
        case .anybody:
            try check(ccurl_set_long(handle, CURLOPT_CONNECT_ONLY, 1))
            try check(ccurl_set_long(handle, CURLOPT_SSL_VERIFYPEER, 0))
            try check(ccurl_set_long(handle, CURLOPT_SSL_VERIFYHOST, 0))
        }
    }

    /// Of the server's own certificate, which is the first of the chain (CURLINFO_CERTINFO(3)).
    var certificateEnd: Int? {
        guard let chain = ccurl_get_certificates(handle), chain.pointee.num_of_certs > 0 else { return nil }
        var field = chain.pointee.certinfo[0]
        while let entry = field?.pointee {
            if let end = CertificateDate(line: entry.data.map { String(cString: $0) } ?? "") { return end.unixTime }
            field = entry.next
        }
        return nil
    }
}

/// A line of libcurl's: `Expire date:Nov 20 12:00:00 2027 GMT` of OpenSSL, `Expire date:2027-11-20 12:00:00 GMT` of
/// the others.
struct CertificateDate: Equatable {
    let unixTime: Int

    /// curl_getdate(3)
    init?(line: String) {
        let title = "Expire date:"
        guard line.hasPrefix(title) else { return nil }
        let time = curl_getdate(String(line.dropFirst(title.count)), nil)
        guard time >= 0 else { return nil }
        unixTime = time
    }
}
