extension ParserWords {
    package var spanish: String {
        matched([
            .init("Unknown option '…'. Did you mean '…'?", "opción desconocida: '…'; ¿quiso decir '…'?"),
            .init("Unknown option '…'", "opción desconocida: '…'"),
            .init("Missing value for '…'", "falta el valor de '…'"),
            .init("Missing expected argument '…'", "falta el argumento '…'"),
            .init("Unexpected argument '…'", "argumento inesperado: '…'"),
            .init("… unexpected arguments: …", "… argumentos inesperados: …"),
            .init(
                "The option '…' does not take any value, but '…' was specified.", "la opción '…' no lleva valor: '…'"),
            .init("The value '…' is invalid for '…'. Please provide …", "el valor '…' no es válido para '…'"),
            .init("The value '…' is invalid for '…'", "el valor '…' no es válido para '…'"),
        ]) ?? english
    }
}
