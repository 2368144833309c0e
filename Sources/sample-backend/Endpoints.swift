import Connections
import Decisions
import FlyingFox
import FoundationEssentials
import Glibc

/// What the backend answers.
struct Endpoints: HTTPHandler {
    let name: String
    let port: UInt16
    let unhealthyWhen: String?
    let requests: OpenRequests

    func handleRequest(_ request: FlyingFox.HTTPRequest) async -> FlyingFox.HTTPResponse {
        await requests.counting {
            var response = await answer(to: request)
            let isLast = request.headers[.connection]?.lowercased().contains("close") ?? false
            if requests.isDraining || isLast { response.headers[.connection] = "close" }
            return response
        }
    }

    private func answer(to request: FlyingFox.HTTPRequest) async -> FlyingFox.HTTPResponse {
        guard request.method == .GET || request.method == .HEAD else {
            return .json(.methodNotAllowed, Refusal(error: "\(request.method.rawValue) is not GET."))
        }
        do {
            switch request.path {
            case "/": return .json(.ok, Identity(name: name, pid: getpid(), port: port))
            case "/health": return health
            case "/work":
                try await ProcessorTime.burn(try Milliseconds(request).duration)
            case "/slow":
                try await Task.sleep(for: try Milliseconds(request).duration)
            case "/query":
                if let failure = try await DatabaseSession.hold(for: try Milliseconds(request).duration) {
                    return .json(.serviceUnavailable, Refusal(error: failure.description))
                }
            default:
                return .json(.notFound, Refusal(error: "There is no \(request.path)."))
            }
            return .json(.ok, Done(name: name, done: request.path))
        } catch let error as BadParameter {
            return .json(.badRequest, Refusal(error: error.sentence))
        } catch {
            return .json(.serviceUnavailable, Refusal(error: "\(error)"))
        }
    }

    private var health: FlyingFox.HTTPResponse {
        if let unhealthyWhen, access(unhealthyWhen, F_OK) == 0 {
            return .json(.serviceUnavailable, Health(status: "unhealthy", name: name))
        }
        return .json(.ok, Health(status: "healthy", name: name))
    }
}

private struct Identity: Encodable {
    let name: String
    let pid: Int32
    let port: UInt16
}

private struct Health: Encodable {
    let status: String
    let name: String
}

private struct Done: Encodable {
    let name: String
    let done: String
}

private struct Refusal: Encodable {
    let error: String
}

extension FlyingFox.HTTPResponse {
    fileprivate static func json(_ status: HTTPStatusCode, _ value: some Encodable) -> FlyingFox.HTTPResponse {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let body = (try? encoder.encode(value)) ?? Data()
        return FlyingFox.HTTPResponse(statusCode: status, headers: [.contentType: "application/json"], body: body)
    }
}
