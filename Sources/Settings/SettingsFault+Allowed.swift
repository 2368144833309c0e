import Decisions

extension SettingsFault {
    /// What to write instead.
    func allowed(in dialect: SettingsFile.Dialect) -> Words {
        let isOurs = dialect == .configuration
        return switch self {
        case .tooLarge:
            Words("at most \(SettingsFile.largest >> 20) MiB", "como mucho \(SettingsFile.largest >> 20) MiB")
        case .otherEncoding(let name):
            Words(
                "UTF-8; convert it: iconv -f \(name) -t UTF-8 FILE > NEW",
                "UTF-8; conviértalo: iconv -f \(name) -t UTF-8 ARCHIVO > NUEVO")
        case .notUTF8:
            Words(
                "UTF-8; where the file is Latin-1: iconv -f ISO-8859-1 -t UTF-8 FILE > NEW",
                "UTF-8; si el archivo es Latin-1: iconv -f ISO-8859-1 -t UTF-8 ARCHIVO > NUEVO")
        case .nul:
            Words(
                "text without NUL bytes: no environment and no password can hold one",
                "texto sin bytes NUL: ningún entorno ni contraseña puede tenerlos")
        case .tooManyMarks: SettingsFile.allowedMarks
        case .noEquals, .noKey:
            isOurs
                ? Words("KEY=VALUE", "CLAVE=VALOR")
                : Words(
                    "NAME=VALUE, or NAME= for an empty value (a bare NAME would be taken from cron's environment, which does not have it)",
                    "NOMBRE=VALOR, o NOMBRE= para un valor vacío (un NOMBRE solo se tomaría del entorno de cron, que no lo tiene)"
                )
        case .spaceInKey:
            isOurs
                ? Words("KEY=VALUE, the key in one word", "CLAVE=VALOR, la clave en una palabra")
                : Words("NAME=VALUE, the name in one word", "NOMBRE=VALOR, el nombre en una palabra")
        case .export:
            Words("KEY=VALUE alone: no shell runs this file", "CLAVE=VALOR sin más: ningún shell ejecuta este archivo")
        case .keyStartsWithDigit:
            Words(
                "a key of letters, digits and '_' that starts with none of the digits",
                "una clave de letras, dígitos y '_' que no empiece con un dígito")
        case .keyHolds:
            isOurs
                ? Words("a key of letters, digits and '_'", "una clave de letras, dígitos y '_'")
                : Words(
                    "a name without quotes and invisible characters", "un nombre sin comillas ni caracteres invisibles")
        case .again(let line):
            Words("once (line \(line) has it, too)", "una sola vez (también está en la línea \(line))")
        case .unclosedQuote, .textAfterQuote:
            Words(
                "VALUE, 'VALUE' or \"VALUE\" on one line, then perhaps white space and # with a comment",
                "VALOR, 'VALOR' o \"VALOR\" en una línea, y después quizá espacio y # con un comentario")
        case .severalLines:
            isOurs
                ? Words("a value on one line", "un valor en una línea")
                : Words(
                    "a value on one line (docker run --env-file has no other, either); encode it, with base64 say, or mount it as a file",
                    "un valor en una línea (docker run --env-file tampoco tiene otro); codifíquelo, con base64 por ejemplo, o móntelo como archivo"
                )
        case .escapedQuote:
            Words(
                "no escapes: a value with \" stands in single quotes or in none",
                "sin escapes: un valor con \" va entre comillas simples o sin ellas")
        case .carriageReturn: Words("lines that end with LF or CR LF", "líneas que terminan con LF o CR LF")
        case .controlCharacter: Words("printable text and tabs", "texto imprimible y tabuladores")
        case .tooLong:
            Words(
                "at most \(Self.longestVariable): Linux passes no longer one to a program",
                "como mucho \(Self.longestVariable): Linux no pasa una más larga a un programa")
        }
    }
}
