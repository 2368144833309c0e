import Host
import Reporting

extension StateFile.Failure {
    package var spanish: String {
        switch self {
        case .newer(let path, let version):
            "\(path) es de una versión más nueva de autoscale (formato \(version)); no se cambió nada. Instale esa versión"
        case .otherService(let path, let service):
            "\(path) pertenece al servicio \(service); use un STATE_FILE propio para cada servicio, en una carpeta propia. ¿Cambió de nombre? Vea \"Renaming a service\" en docs/operations.md"
        case .otherServiceInFolder(let owner): owner.spanish
        case .unreadable(let failure): failure.spanish
        }
    }
}
