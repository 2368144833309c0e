import Decisions
import SystemPackage

/// A line of `config check`; sentences in it are in the language already.
enum CheckLine: Catalogue {
    case warning(String)
    case note(String)
    case clean(FilePath)
}
