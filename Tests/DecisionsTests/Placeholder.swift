@testable import Decisions
