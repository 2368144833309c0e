import Decisions

extension AllowedValue {
    var english: String {
        switch self {
        case .number(let range) where range.upperBound == .max: "a whole number, \(range.lowerBound) or more"
        case .number(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .limit(let range, let decimals):
            (decimals == 0 ? "a whole number" : "a number of \(decimals) decimals at most")
                + (range.upperBound == Quantity(.max)
                    ? ", \(range.lowerBound) or more" : " from \(range.lowerBound) to \(range.upperBound)")
        case .seconds(let range): "whole seconds from \(range.lowerBound) to \(range.upperBound)"
        case .choice(let words): words.joined(separator: ", ")
        case .pattern(let pattern): pattern
        case .text: "a text"
        case .path: "a path"
        case .program: "a program's name or path"
        case .command: "a program and its arguments; quotes must be closed"
        case .port: "a port from 1 to 65535"
        case .ports: "a range of ports such as 3000-3099"
        case .cpus: "a number of CPUs from 0.01 up, such as 0.5"
        case .memory: "a size such as 512m or 1g, 6m at least"
        case .logSize: "a size such as 512k or 10m"
        case .freeSpace: "a share from 0% to 99%, or a size such as 500m or 5g"
        case .statuses: "an HTTP status or a range such as 200-399"
        case .metrics(let names): "one or more of \(names.joined(separator: ", ")), each once"
        case .serverPlace: "a host name, an address or a socket folder"
        case .partOfURL(let part): "\(part.english); the parts of a URL have keys of their own"
        case .hostHeader: "a host name, with or without :PORT"
        case .urlPath: "a path that starts with /, without white space"
        case .siteURL: "http://HOST/… or https://HOST/…, without a user"
        case .listenAddress: "a numeric address and a port, such as 127.0.0.1:8080"
        case .dockerAddress: "unix:///path/of/docker.sock or tcp://host:port"
        case .imageName: "an image name without white space"
        case .networkName: "a network name without white space"
        case .recipients: "recipients of age, separated by commas: age1… or ssh-ed25519 …"
        case .storeLocation: "s3://BUCKET or s3://BUCKET/PREFIX"
        case .storeEndpoint: "https://HOST or https://HOST:PORT; http for 127.0.0.1 and localhost only"
        case .storeRegion: "a region's name, such as eu-central-1"
        case .receivers:
            "addresses with white space between them, no commas: \(Self.receiverForms) or smtps://…; http only to this machine"
        case .mailAddress: "a mail address"
        case .mailAddresses: "mail addresses, separated by commas"
        }
    }
}
