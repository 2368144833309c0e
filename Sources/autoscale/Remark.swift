import Decisions
import SystemPackage

/// What a command that only looks says beside its answer; sentences in it are in the language already.
enum Remark: Catalogue {
    case warning(String)
    case note(String)
    case clean(FilePath)
}
