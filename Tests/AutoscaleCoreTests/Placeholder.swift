@testable import AutoscaleCore
