import Decisions

extension AllowedValue {
    var spanish: String {
        switch self {
        case .number(let range) where range.upperBound == .max: "un número entero, \(range.lowerBound) o más"
        case .number(let range): "un número entero de \(range.lowerBound) a \(range.upperBound)"
        case .limit(let range, let decimals):
            (decimals == 0 ? "un número entero" : "un número con \(decimals) decimales como mucho")
                + (range.upperBound == Quantity(.max)
                    ? ", \(range.lowerBound) o más" : " de \(range.lowerBound) a \(range.upperBound)")
        case .seconds(let range): "segundos enteros de \(range.lowerBound) a \(range.upperBound)"
        case .choice(let words): words.joined(separator: ", ")
        case .pattern(let pattern): pattern
        case .text: "un texto"
        case .path: "una ruta"
        case .program: "el nombre o la ruta de un programa"
        case .command: "un programa y sus argumentos; las comillas deben cerrarse"
        case .port: "un puerto de 1 a 65535"
        case .ports: "un rango de puertos como 3000-3099"
        case .cpus: "un número de CPU desde 0.01, como 0.5"
        case .memory: "un tamaño como 512m o 1g, 6m al menos"
        case .logSize: "un tamaño como 512k o 10m"
        case .freeSpace: "una parte de 0% a 99%, o un tamaño como 500m o 5g"
        case .statuses: "un estado HTTP o un rango como 200-399"
        case .metrics(let names): "una o más de \(names.joined(separator: ", ")), cada una una vez"
        case .serverPlace: "un nombre de host, una dirección o una carpeta de sockets"
        case .partOfURL(let part): "\(part.spanish); las partes de una URL tienen claves propias"
        case .hostHeader: "un nombre de host, con o sin :PUERTO"
        case .urlPath: "una ruta que empieza con /, sin espacios"
        case .siteURL: "http://HOST/… o https://HOST/…, sin usuario"
        case .listenAddress: "una dirección numérica y un puerto, como 127.0.0.1:8080"
        case .dockerAddress: "unix:///ruta/de/docker.sock o tcp://host:puerto"
        case .imageName: "un nombre de imagen sin espacios"
        case .networkName: "un nombre de red sin espacios"
        case .recipients: "destinatarios de age, separados por comas: age1… o ssh-ed25519 …"
        case .storeLocation: "s3://BUCKET o s3://BUCKET/PREFIJO"
        case .storeEndpoint: "https://HOST o https://HOST:PUERTO; http solo para 127.0.0.1 y localhost"
        case .storeRegion: "el nombre de una región, como eu-central-1"
        case .receivers:
            "direcciones separadas por espacios, sin comas: \(Self.receiverForms) o smtps://…; http solo hacia esta máquina"
        case .mailAddress: "una dirección de correo"
        case .mailAddresses: "direcciones de correo, separadas por comas"
        }
    }
}
