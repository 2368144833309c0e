extension ExitMeaning {
    package var spanish: String {
        switch self {
        case .done: "hecho, o nada que hacer"
        case .ok: "correcto"
        case .warning: "aviso"
        case .critical: "crítico"
        case .unknown: "desconocido: sin comprobar, configuración o uso incorrectos"
        case .runFailed: "falló un arranque, una parada o NGINX; el registro dice cuál"
        case .targetRefused: "falló: el destino no quiso responder"
        case .backupFailed: "falló: no hay copia nueva"
        case .verificationFailed: "falló: una copia está dañada, o no hay ninguna"
        case .drillFailed: "falló: la copia no se pudo restaurar como era"
        case .restoreFailed: "falló: no se restauró nada"
        case .backupPartly: "hecho en parte: la copia es buena; el registro dice qué falló"
        case .restorePartly: "hecho en parte: los datos están; el registro dice qué difiere"
        case .prunePartly: "hecho en parte: no se pudo usar el almacén"
        case .cleanupPartly: "hecho en parte: el registro dice qué no se pudo eliminar"
        case .wrongUse: "uso incorrecto"
        case .newerState: "el archivo de estado es de una versión más nueva"
        case .fleetAway: "Docker o NGINX no responde; no se cambió nada"
        case .targetAway: "Docker o NGINX no responde"
        case .databaseAway: "la base de datos no responde, o falta un programa"
        case .storeAway: "el almacén no responde"
        case .notWritten: "no se pudo leer o escribir un archivo"
        case .notRead: "no se pudo leer un archivo"
        case .busy: "otra ejecución tiene el bloqueo; no se hizo nada"
        case .notPermitted: "sin permiso, u otros podrían cambiar un archivo"
        case .badConfiguration: "error de configuración"
        case .interrupted: "terminado por SIGINT; la próxima ejecución continúa"
        case .terminated: "terminado por SIGTERM; la próxima ejecución continúa"
        }
    }
}
