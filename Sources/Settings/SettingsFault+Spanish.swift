import Host

extension SettingsFault {
    var spanishFound: String {
        switch self {
        case .tooLarge(let bytes): "un archivo de \(bytes) bytes"
        case .otherEncoding(let name): "texto en \(name)"
        case .notUTF8(let byte):
            "no es texto UTF-8 (byte 0x\(Self.hex(UInt32(byte), digits: 2)))"
        case .nul: "un byte NUL"
        case .tooManyMarks: "una letra con demasiadas marcas combinadas"
        case .noEquals: "falta '='"
        case .noKey: "falta la clave antes de '='"
        case .spaceInKey: "espacio en blanco dentro de la clave"
        case .export: "'export' antes de la clave"
        case .keyStartsWithDigit: "una clave que empieza con un dígito"
        case .keyHolds(let scalar):
            "una clave que contiene \(Self.name(of: scalar))"
        case .again: "aparece otra vez"
        case .unclosedQuote(let quote):
            "un \(Character(Unicode.Scalar(quote))) sin cerrar"
        case .severalLines(let last):
            "un valor de varias líneas (hasta la \(last))"
        case .textAfterQuote: "texto tras la comilla de cierre"
        case .escapedQuote:
            "una barra invertida ante una comilla entre comillas"
        case .carriageReturn: "un retorno de carro dentro de la línea"
        case .controlCharacter(let scalar):
            "un carácter de control (\(Self.name(of: scalar)))"
        case .tooLong(let bytes): "una variable de \(bytes) bytes"
        }
    }

    func spanishAllowed(in dialect: SettingsFile.Dialect) -> String {
        let isOurs = dialect == .configuration
        return switch self {
        case .tooLarge:
            "como mucho \(SettingsFile.largest >> 20) MiB"
        case .otherEncoding(let name):
            "UTF-8; conviértalo: iconv -f \(name) -t UTF-8 ARCHIVO > NUEVO"
        case .notUTF8:
            "UTF-8; si el archivo es Latin-1: iconv -f ISO-8859-1 -t UTF-8 ARCHIVO > NUEVO"
        case .nul:
            "texto sin bytes NUL: ningún entorno ni contraseña puede tenerlos"
        case .tooManyMarks: "como mucho \(StreamSafeText.mostMarks) por letra"
        case .noEquals, .noKey:
            isOurs
                ? "CLAVE=VALOR"
                : "NOMBRE=VALOR, o NOMBRE= para un valor vacío (un NOMBRE solo se tomaría del entorno de cron, que no lo tiene)"
        case .spaceInKey:
            isOurs
                ? "CLAVE=VALOR, la clave en una palabra"
                : "NOMBRE=VALOR, el nombre en una palabra"
        case .export:
            "CLAVE=VALOR sin más: ningún shell ejecuta este archivo"
        case .keyStartsWithDigit:
            "una clave de letras, dígitos y '_' que no empiece con un dígito"
        case .keyHolds:
            isOurs
                ? "una clave de letras, dígitos y '_'"
                : "un nombre sin comillas ni caracteres invisibles"
        case .again(let line):
            "una sola vez (también está en la línea \(line))"
        case .unclosedQuote, .textAfterQuote:
            "VALOR, 'VALOR' o \"VALOR\" en una línea, y después quizá espacio y # con un comentario"
        case .severalLines:
            isOurs
                ? "un valor en una línea"
                : "un valor en una línea (docker run --env-file tampoco tiene otro); codifíquelo, con base64 por ejemplo, o móntelo como archivo"
        case .escapedQuote:
            "sin escapes: un valor con \" va entre comillas simples o sin ellas"
        case .carriageReturn: "líneas que terminan con LF o CR LF"
        case .controlCharacter: "texto imprimible y tabuladores"
        case .tooLong:
            "como mucho \(Self.longestVariable): Linux no pasa una más larga a un programa"
        }
    }
}
