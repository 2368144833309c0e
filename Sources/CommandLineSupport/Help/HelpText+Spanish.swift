extension HelpText {
    package var spanish: String {
        switch self {
        case .autoscale: "Mantiene el número adecuado de backends detrás de NGINX."
        case .monitor: "Hace una ejecución: mira, repara y da como mucho un paso."
        case .status: "Muestra los backends de ahora y la última ejecución."
        case .why: "Dice por qué la última ejecución dio, o no, un paso."
        case .config: "Comprueba o muestra la configuración."
        case .configCheck: "Comprueba la configuración y muestra todos sus errores."
        case .configShow: "Muestra cada valor en uso y de dónde viene."
        case .backup: "Hace copias verificadas de la base y las conserva por reglas."
        case .backupRun: "Hace una copia verificada y elimina las que sobran."
        case .backupList: "Lista las copias: edad, tamaño, verificación y motivo."
        case .backupVerify: "Vuelve a leer copias enteras y compara sus sumas."
        case .backupDrill: "Restaura una copia en una base temporal y cuenta sus filas."
        case .backupRestore: "Restaura una copia en una base nueva o vacía."
        case .backupPrune: "Elimina las copias que ninguna regla conserva."
        case .backupClaim: "Asigna a este servicio las copias que no nombran ninguno."
        case .cleanup: "Elimina lo que este servicio ya no necesita."
        case .healthcheck: "Comprueba sitio, backends, base, ejecuciones y copias."

        case .autoscaleDetails:
            "Cron lo arranca una vez por minuto. Una ejecución da como mucho un paso y anota el motivo. autoscale --monitor y autoscale --status son lo mismo que las órdenes de ese nombre."
        case .configurationPlaces:
            "La configuración es el archivo que indica --config; si no, el que indica $AUTOSCALE_CONFIG; si no, config/autoscale.conf junto a la carpeta del programa; si no, /etc/autoscale/autoscale.conf."
        case .logDetails: "Las líneas de registro van a la salida estándar; la línea del crontab las redirige."
        case .monitorDetails: "Después NGINX sirve los backends que están listos, y el historial dice por qué."
        case .statusDetails: "No toma ningún bloqueo y no cambia nada."
        case .backupDetails: "Sin una orden hace una copia, igual que backup run."
        case .newestDetails: "Sin un nombre lee la copia más reciente."
        case .drillDetails:
            "Sin un nombre toma la copia más reciente. La base temporal se elimina al terminar. BACKUP_DRILL_* indican otro servidor para ella."
        case .restoreDetails:
            "También se restauran dueños y permisos, así que sus roles deben existir: NOMBRE.globals.sql, junto a la copia, los crea."
        case .claimDetails:
            "Las versiones anteriores hacían copias que no nombran ningún servicio. Cuentan, y no se eliminan mientras no se asignen."
        case .cleanupDetails:
            "Mira contenedores e imágenes antiguos, registros, historial, archivos de ejecuciones interrumpidas y copias que ninguna regla conserva."
        case .healthcheckDetails:
            "Escribe una línea de resumen con datos de rendimiento tras '|' y después una línea por comprobación, como los plugins de monitorización. Todas las comprobaciones se hacen a la vez."

        case .configFile: "El archivo de configuración."
        case .jsonReport: "Escribir el informe como un objeto JSON."
        case .jsonRun: "Escribir la línea del historial de esa ejecución."
        case .jsonWithLog: "Escribir un objeto JSON; el registro va a stderr."
        case .planMonitor: "Mostrar el plan y el archivo upstream; no cambiar nada."
        case .planCleanup: "Mostrar qué se eliminaría y por qué; no cambiar nada."
        case .planPrune: "Mostrar qué se eliminaría y por qué; no eliminar nada."
        case .planRestore: "Mostrar qué se haría; no hacer nada."
        case .inStore: "Las copias del almacén de BACKUP_UPLOAD_URL."
        case .othersToo: "También las copias de otros servicios."
        case .verifyAll: "Leer todas las copias."
        case .backupName: "Un nombre como lo muestra backup list."
        case .intoDatabase: "La base de datos; si es nueva, se crea."
        case .cleanFirst: "Eliminar antes el contenido de la base; con --yes."
        case .agreeToClean: "Aceptar --clean."
        case .ofService: "Con --clean: aceptar la copia de ese servicio."
        case .fromService: "Las de este servicio: el nombre anterior."
        case .onlyCheck: "Solo esta comprobación; se puede repetir."
        case .listChecks: "Listar las comprobaciones."
        case .testAlert: "Enviar un aviso de prueba a cada receptor."
        case .quiet: "Para crontabs: escribir solo lo que no va bien."
        case .version: "Mostrar la versión."
        case .help: "Mostrar esta página."

        case .file: "archivo"
        case .name: "nombre"
        case .database: "base"
        case .service: "servicio"
        case .command: "orden"
        case .usage: "Uso:"
        case .example: "Ejemplo:"
        case .commands: "Órdenes:"
        case .options: "Opciones:"
        case .exitCodes: "Código de salida:"
        case .commandHint(let path): "Más sobre una orden: \(path) help <orden>"

        case .moreHelp(let path): "Vea '\(path) --help'."
        case .noCommand(let word, let nearest):
            "no existe la orden '\(word)'" + (nearest.map { "; ¿quiso decir \($0)?" } ?? "")
        case .commandList(let names, let path): "Órdenes: \(names.joined(separator: ", ")); vea '\(path) --help'"
        case .agreementMissing:
            "--clean elimina el contenido de la base: añada --yes para aceptar, o --dry-run para mirar."
        case .nameOrAll: "Indique un nombre o --all, no ambos."
        }
    }
}
