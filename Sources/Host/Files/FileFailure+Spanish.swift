extension FileFailure {
    package var spanish: String {
        "no se pudo escribir o leer \(path): \(action): \(errno)".escapingControls()
    }
}

extension UnsafeFile {
    package var spanish: String {
        let path = path.escapingControls()
        return switch cause {
        case .worldWritable:
            "cualquiera puede modificar \(path) y decidir así qué se ejecuta aquí. Ejecute: chmod o-w \(path)"
        case .foreignOwner(let uid):
            "\(path) pertenece al uid \(uid), que no es root ni usted. Ejecute como ese usuario o cambie el dueño"
        case .symbolicLink:
            "\(path) es un enlace simbólico y aquí no se sigue ninguno: ponga en la configuración aquello a lo que lleva "
                + "(readlink -f \(path)) o quítelo"
        case .notARegularFile: "\(path) no es un archivo regular; apártelo"
        case .notAFolder: "\(path) no es una carpeta; apártelo"
        }
    }
}

extension FileAccess {
    func spanish(_ shown: String) -> String {
        "\(shown): \(user) no puede leerlo (\(path) es de \(owner):\(group), modo \(mode)). "
            + "Ejecute esto con sudo, o como \(owner), o permita leerlo a \(user)"
    }
}
