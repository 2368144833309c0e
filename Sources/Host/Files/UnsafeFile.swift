package import Decisions

/// A file or folder of ours that somebody else could change.
package struct UnsafeFile: Error, Equatable {
    package enum Cause: Equatable, Sendable {
        case worldWritable
        case foreignOwner(uid: UInt32)
        case symbolicLink
        case notARegularFile
        case notAFolder
    }

    package let path: String
    package let cause: Cause

    package init(path: String, cause: Cause) {
        self.path = path
        self.cause = cause
    }
}

extension UnsafeFile {
    package func sentence(in language: Language) -> String {
        let path = path.escapingControls()
        return switch cause {
        case .worldWritable:
            language.choose(
                "\(path) is world-writable: anybody could decide what is run here. Run: chmod o-w \(path)",
                "\(path) puede ser modificado por cualquiera. Ejecute: chmod o-w \(path)")
        case .foreignOwner(let uid):
            language.choose(
                "\(path) is owned by uid \(uid), who is neither root nor you. Run as that user, or chown it",
                "\(path) pertenece al uid \(uid), que no es root ni usted. Ejecute como ese usuario o cambie el dueño")
        case .symbolicLink:
            language.choose(
                "\(path) is a symbolic link, and none is followed here: set the configuration to what it leads to "
                    + "(readlink -f \(path)), or remove it",
                "\(path) es un enlace simbólico y aquí no se sigue ninguno: ponga en la configuración aquello a lo que lleva "
                    + "(readlink -f \(path)) o quítelo")
        case .notARegularFile:
            language.choose(
                "\(path) is not a regular file; move it away", "\(path) no es un archivo regular; apártelo")
        case .notAFolder:
            language.choose("\(path) is not a folder; move it away", "\(path) no es una carpeta; apártelo")
        }
    }
}
