package import Decisions
package import Host
package import SystemPackage

extension ConfigurationSection {
    static let loadBalancer = ConfigurationSection(
        .same("NGINX"),
        keys: [
            .publisher, .upstreamFile, .upstreamName, .nginxTestCommand, .nginxReloadCommand, .nginxStatusListen,
            .nginxStatusURL,
            .balancingMethod, .balancingKeepalive, .balancingMaxFails, .balancingFailTimeout,
        ])
}

extension ConfigurationKey {
    static let publisher = Key<Configuration.PublisherKind>(
        "PUBLISHER", .choice, default: "nginx",
        "Who sends requests to backends. none: nobody, they are queue workers. One that runs is ready; nothing else of this section, no `HEALTH_…`, no `DRAIN_…` and no port counts then.",
        "Quién envía peticiones a los backends. none: nadie, son workers de una cola. El que funciona está listo; entonces no cuenta nada más de esta sección, ni `HEALTH_…`, ni `DRAIN_…`, ni ningún puerto.",
        page: "workers.md")
    static let upstreamFile = Key(
        "NGINX_UPSTREAM_FILE", .path, default: "nginx/upstream.conf",
        "The generated file. NGINX includes its folder in the `http` block; give it a folder with nothing else in it. It is replaced as a whole: one that holds anything but the upstream is refused (78).",
        "El archivo generado. NGINX incluye su carpeta en el bloque `http`; dele una carpeta sin nada más. Se reemplaza entero: uno que contiene algo distinto del upstream se rechaza (78)."
    )
    static let upstreamName = Key(
        "NGINX_UPSTREAM_NAME", .upstreamName, follows: .service, Configuration.standardName, example: "app_backend",
        "What `proxy_pass http://…` names. Unset: `<SERVICE>_backend`.",
        "Lo que nombra `proxy_pass http://…`. Sin definir: `<SERVICE>_backend`.")
    static let nginxTestCommand = Key(
        "NGINX_TEST_COMMAND", .command, default: "nginx -t",
        "Exit 0: the new file is good. 10 s at most. NGINX in a container: `docker exec chat_nginx nginx -t`; not as root: `sudo -n /usr/sbin/nginx -t`.",
        "Salida 0: el archivo nuevo es bueno. 10 s como mucho. NGINX en un contenedor: `docker exec chat_nginx nginx -t`; sin ser root: `sudo -n /usr/sbin/nginx -t`."
    )
    static let nginxReloadCommand = Key(
        "NGINX_RELOAD_COMMAND", .command, default: "nginx -s reload",
        "10 s at most. Afterwards NGINX itself is asked what it serves.",
        "10 s como mucho. Después se pregunta al propio NGINX qué sirve.")
    static let nginxStatusListen = Key(
        "NGINX_STATUS_LISTEN", .listen, default: "127.0.0.1:8080",
        "A small server in the generated file, `server_name <SERVICE>.autoscale`: `/autoscale` says which service's file is live, and what is in it, `/nginx_status` counts. Several services may share it; an address where anything else answers is refused (78). It has no other protection than its address: keep it on 127.0.0.1. NGINX in a container: 0.0.0.0:8080 there, published as 127.0.0.1:8080.",
        "Un pequeño servidor en el archivo generado, `server_name <SERVICE>.autoscale`: `/autoscale` dice de qué servicio es el archivo en uso y qué contiene, `/nginx_status` cuenta. Varios servicios pueden compartirlo; una dirección donde responde otra cosa se rechaza (78). No tiene más protección que su dirección: déjelo en 127.0.0.1. NGINX en un contenedor: 0.0.0.0:8080 allí, publicado como 127.0.0.1:8080."
    )
    static let nginxStatusURL = Key(
        "NGINX_STATUS_URL", .statusURL, follows: .nginxStatusListen, { "http://\($0.reachable)" },
        example: "http://127.0.0.1:8080",
        "Where this host finds that server. Unset: at `NGINX_STATUS_LISTEN`, or at the loopback address where that is 0.0.0.0 or [::].",
        "Dónde encuentra este host ese servidor. Sin definir: en `NGINX_STATUS_LISTEN`, o en la dirección de loopback si esa es 0.0.0.0 o [::]."
    )
    static let balancingMethod = Key(
        "LB_METHOD", .balancingMethod, default: "least_conn",
        "How NGINX picks a backend.",
        "Cómo elige NGINX un backend.")
    static let balancingKeepalive = Key(
        "LB_KEEPALIVE", .integer(0...65535), default: "32",
        "Idle connections that each NGINX worker keeps to the backends; 0 leaves the directive out.",
        "Conexiones inactivas que cada worker de NGINX mantiene con los backends; 0 omite la directiva.")
    static let balancingMaxFails = Key(
        "LB_MAX_FAILS", .integer(0...1000), default: "3",
        "After so many failures within `LB_FAIL_TIMEOUT` NGINX leaves the backend alone for as long.",
        "Tras tantos fallos dentro de `LB_FAIL_TIMEOUT`, NGINX deja en paz al backend durante el mismo tiempo.")
    static let balancingFailTimeout = Key(
        "LB_FAIL_TIMEOUT", .integer(0...86400), default: "30",
        "Both the time in which failures are counted and the time of being left alone, in seconds.",
        "A la vez el tiempo en que se cuentan los fallos y el tiempo en que se deja en paz, en segundos.")
}

extension Configuration {
    /// What `PUBLISHER` names.
    package enum PublisherKind: String, CaseIterable, Sendable {
        case nginx
        /// Nobody: they are queue workers.
        case none
    }

    package struct LoadBalancer: Sendable {
        package let upstreamFile: FilePath
        package let upstreamName: UpstreamConfiguration.Name
        package let testCommand: CommandWords
        package let reloadCommand: CommandWords
        package let status: UpstreamConfiguration.StatusServer
        /// Without a path.
        package let statusURL: String
        package let method: BalancingMethod
        package let keepalive: Int
        package let maxFails: Int
        package let failTimeout: Int
    }

    /// - Returns: `nil` after a problem.
    static func loadBalancer(_ reader: inout ConfigurationReader) -> LoadBalancer? {
        let (file, name) = (reader[.upstreamFile], reader[.upstreamName])
        let (test, reload) = (reader[.nginxTestCommand], reader[.nginxReloadCommand])
        let (listen, url) = (reader[.nginxStatusListen], reader[.nginxStatusURL])
        let (method, keepalive) = (reader[.balancingMethod], reader[.balancingKeepalive])
        let (maxFails, failTimeout) = (reader[.balancingMaxFails], reader[.balancingFailTimeout])
        return UpstreamConfiguration.Name(reader[.service]).map { service in
            LoadBalancer(
                upstreamFile: file, upstreamName: name, testCommand: test, reloadCommand: reload,
                status: .init(listen: listen, service: service), statusURL: url, method: method, keepalive: keepalive,
                maxFails: maxFails, failTimeout: failTimeout)
        }
    }
}

extension ServerAddress {
    /// Where a listen address can be reached from this machine: "any" is not an address to connect to.
    fileprivate var reachable: ServerAddress {
        switch host {
        case .ipv4(0): .loopback(port: port) ?? self
        case .ipv6(let groups) where groups.allSatisfy({ $0 == 0 }):
            ServerAddress(host: .ipv6([0, 0, 0, 0, 0, 0, 0, 1]), port: port) ?? self
        default: self
        }
    }
}
