import CCurl

/// Transfers that run together on one multi handle (libcurl-multi(3)).
final class CurlRound {
    private let handle: UnsafeMutableRawPointer
    private var entries: [Entry] = []

    private enum Entry {
        case running(CurlTransfer)
        case ended(Result<HTTPResponse, HTTPFailure>)
    }

    init() throws(HTTPFailure) {
        guard let handle = curl_multi_init() else { throw .unsupported(detail: "libcurl: out of memory") }
        self.handle = handle
    }

    deinit {
        for case .running(let transfer) in entries { curl_multi_remove_handle(handle, transfer.handle) }
        curl_multi_cleanup(handle)
    }

    func add(_ request: HTTPRequest) {
        do throws(HTTPFailure) {
            let transfer = try CurlTransfer(request)
            let code = curl_multi_add_handle(handle, transfer.handle)
            guard code == CURLM_OK else { throw Self.failure(code) }
            entries.append(.running(transfer))
        } catch {
            entries.append(.ended(.failure(error)))
        }
    }

    /// Ends when the last transfer has: each has a time-out.
    /// - Returns: a result for each added request, in their order.
    func run() -> [Result<HTTPResponse, HTTPFailure>] {
        var running: Int32 = 1
        var code = CURLM_OK
        while running > 0, code == CURLM_OK {
            code = curl_multi_perform(handle, &running)
            collect()
            if running > 0, code == CURLM_OK { code = curl_multi_poll(handle, nil, 0, 1000, nil) }
        }
        return entries.map { entry in
            switch entry {
            case .ended(let result): result
            case .running: .failure(Self.failure(code))
            }
        }
    }

    private func collect() {
        var left: Int32 = 0
        while let message = curl_multi_info_read(handle, &left)?.pointee {
            guard message.msg == CURLMSG_DONE else { continue }
            // The message is gone once its handle is removed.
            let code = message.data.result
            for (index, entry) in entries.enumerated() {
                guard case .running(let transfer) = entry, transfer.handle == message.easy_handle else { continue }
                curl_multi_remove_handle(handle, transfer.handle)
                entries[index] = .ended(transfer.outcome(of: code))
                break
            }
        }
    }

    private static func failure(_ code: CURLMcode) -> HTTPFailure {
        .unreachable(detail: String(cString: curl_multi_strerror(code)))
    }
}
