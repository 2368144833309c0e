import CCurl
import Host
import SystemPackage

// What transfers to a store need: a signature, a body that is read while it is sent, and an eye on them.
extension CurlTransfer {
    func setSignature(_ signature: HTTPSignature) throws(HTTPFailure) {
        guard ccurl_signs_for_s3() != 0 else {
            throw .unsupported(detail: "this libcurl can't sign for S3: version 7.88 or newer is needed")
        }
        try setString(CURLOPT_AWS_SIGV4, "aws:amz:\(signature.region):s3")
        try setString(CURLOPT_USERNAME, signature.accessKey)
        try setString(CURLOPT_PASSWORD, signature.secret.reveal())
    }

    /// CURLOPT_READFUNCTION; the file is read where it stands, part after part.
    func setFile(_ file: HTTPFilePart) throws(HTTPFailure) {
        try check(ccurl_set_long(handle, CURLOPT_UPLOAD, 1))
        try check(ccurl_set_size(handle, CURLOPT_INFILESIZE_LARGE, curl_off_t(file.bytes)))
        try check(ccurl_set_pointer(handle, CURLOPT_READDATA, Unmanaged.passUnretained(self).toOpaque()))
        try check(
            ccurl_set_receive(handle, CURLOPT_READFUNCTION) { bytes, size, count, context in
                CurlTransfer.transfer(context)?.fill(UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
                    ?? Int(CURL_READFUNC_ABORT)
            })
    }

    /// - Returns: how many bytes there are to send; 0 at the end.
    private func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard let file = request.file else { return 0 }
        let wanted = UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(file.bytes - sent))
        if wanted.isEmpty { return 0 }
        do {
            let count = try file.file.read(fromAbsoluteOffset: Int64(file.offset + sent), into: wanted)
            guard count > 0 else { throw Errno.noData }  // somebody made it shorter
            sent += count
            return count
        } catch {
            stop = .unreadable(error as? Errno ?? .ioError)
            return Int(CURL_READFUNC_ABORT)
        }
    }

    /// CURLOPT_XFERINFOFUNCTION, which is called at least once a second, also while nothing moves.
    func setWatch() throws(HTTPFailure) {
        if let stall = request.stallTimeout {
            try check(ccurl_set_long(handle, CURLOPT_LOW_SPEED_LIMIT, 1))
            try check(ccurl_set_long(handle, CURLOPT_LOW_SPEED_TIME, Int(max(stall / .seconds(1), 1))))
        }
        guard request.watch != nil else { return }
        try check(ccurl_set_long(handle, CURLOPT_NOPROGRESS, 0))
        try check(ccurl_set_pointer(handle, CURLOPT_XFERINFODATA, Unmanaged.passUnretained(self).toOpaque()))
        try check(
            ccurl_set_progress(handle) { context, _, _, _, _ in
                guard let transfer = CurlTransfer.transfer(context) else { return 1 }
                guard transfer.request.watch?(transfer.sent) == false else { return 0 }
                transfer.stop = .asked
                return 1
            })
    }
}
