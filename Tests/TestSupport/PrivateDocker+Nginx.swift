import Foundation
import SystemPackage

extension PrivateDocker {
    /// Makes an image of this host's NGINX, with the libraries that it loads and the folders that it was built for: started
    /// without arguments it runs in the foreground with `/etc/nginx/nginx.conf`, as NGINX's own image does.
    /// - Parameter name: the image's.
    /// - Returns: the image's name.
    @discardableResult
    package func importNginx(
        as name: String = "autoscale-test:nginx", isolation: isolated (any Actor)? = #isolation
    ) async throws -> String {
        try await withTemporaryFolder { folder in
            let making = try RunningProcess(
                "/bin/sh", arguments: ["-e", "-c", script, "image", folder.string, "\(address)", name])
            defer { making.end() }
            let output = try await making.output(within: .seconds(120))
            guard output.status == 0 else { throw PrivateDockerError(what: "\(name): \(output.stderr)") }
        }
        return name
    }
}

/// ldd(1) names each library as `name => path (address)`, and the loader as `path (address)`. A `user` of nginx.conf is
/// looked for in /etc/passwd.
private let script = #"""
    PATH=$PATH:/usr/sbin:/sbin
    folder=$1
    root=$folder/root
    mkdir -p "$root/usr/sbin" "$root/bin" "$root/etc/nginx" "$root/var/log/nginx" "$root/var/lib/nginx" \
        "$root/usr/share/nginx" "$root/run" "$root/tmp"
    program=$(command -v nginx)
    cp -L "$program" "$root/usr/sbin/nginx"
    ldd "$program" | sed -n -e 's/.* => \([^ ]*\) (.*/\1/p' -e 's/^[[:space:]]*\(\/[^ ]*\) (.*/\1/p' \
        | xargs cp -L --parents -t "$root"
    cp /bin/busybox "$root/bin/busybox"
    for name in sh cat ls sleep wget; do ln -s busybox "$root/bin/$name"; done
    cp /etc/nginx/mime.types "$root/etc/nginx/"
    printf 'root:x:0:0:root:/:/bin/sh\nnginx:x:101:101:nginx:/:/bin/sh\n' >"$root/etc/passwd"
    printf 'root:x:0:\nnginx:x:101:\n' >"$root/etc/group"
    ln -s /dev/stderr "$root/var/log/nginx/error.log"
    ln -s /dev/stdout "$root/var/log/nginx/access.log"
    tar -C "$root" -c . | docker -H "$2" import --change 'ENV PATH=/usr/sbin:/bin' \
        --change 'CMD ["nginx", "-g", "daemon off;"]' - "$3"
    """#
