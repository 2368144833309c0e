package import Decisions
import Host
import Reporting

extension StateFile.Failure {
    package func sentence(in language: Language) -> String {
        switch self {
        case .newer(let path, let version):
            language.choose(
                "\(path) was written by a newer version of autoscale (format \(version)); nothing was changed. Install that version",
                "\(path) es de una versión más nueva de autoscale (formato \(version)); no se cambió nada. Instale esa versión"
            )
        case .otherService(let path, let service):
            language.choose(
                "\(path) belongs to the service \(service); give each service a STATE_FILE of its own, in a folder of its own. Renamed? See \"Renaming a service\" in docs/operations.md",
                "\(path) pertenece al servicio \(service); use un STATE_FILE propio para cada servicio, en una carpeta propia. ¿Cambió de nombre? Vea \"Renaming a service\" en docs/operations.md"
            )
        case .otherServiceInFolder(let owner): owner.sentence(in: language)
        case .unreadable(let failure): failure.sentence(in: language)
        }
    }
}
