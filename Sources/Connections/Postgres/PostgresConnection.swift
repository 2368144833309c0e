import CPostgres
import Glibc
package import Host
import Synchronization

/// One connection to PostgreSQL, by libpq. Nothing here can hang: every wait ends with its deadline.
///
/// The calling thread waits; a server that has many to do calls from threads of its own (`DetachedThread`).
package struct PostgresConnection: ~Copyable, @unchecked Sendable {
    // Sendable, because libpq lets any thread use a connection and `mutating` keeps it to one at a time.
    private let connection: OpaquePointer

    deinit { PQfinish(connection) }

    /// Wraps PQconnectStartParams, PQconnectPoll and poll(2).
    ///
    /// libpq resolves names without any time-out, and its own `connect_timeout` is ignored by PQconnectPoll. So all of it
    /// happens on a thread of its own, which is left behind when it does not come back.
    package static func connect(
        parameters: PostgresParameters, before deadline: Deadline
    ) throws(PostgresFailure) -> PostgresConnection {
        let timeout = deadline.remaining
        let attempt = Attempt()
        do {
            try DetachedThread.run {
                attempt.finish(with: establish(parameters: parameters, before: deadline, timeout: timeout))
            }
        } catch {
            throw .unreachable(detail: error.description)
        }
        return try attempt.result(within: timeout)
    }

    private static func establish(
        parameters: PostgresParameters, before deadline: Deadline, timeout: Duration
    ) -> Attempt.State {
        guard let connection = start(parameters) else { return .failed(.unreachable(detail: "out of memory")) }
        let opened = PostgresConnection(connection: connection)
        PQsetErrorVerbosity(connection, PQERRORS_VERBOSE)
        PQsetNoticeReceiver(connection, { _, _ in }, nil)  // by default they go to stderr
        do throws(PostgresFailure) {
            try opened.poll(before: deadline, timeout: timeout)
            PQsetErrorVerbosity(connection, PQERRORS_DEFAULT)
            guard PQsetnonblocking(connection, 1) == 0 else { throw opened.broken }
            return .connected(opened)
        } catch {
            return .failed(error)
        }
    }

    /// Later ones win, so a caller can give another `application_name`.
    private static func start(_ parameters: PostgresParameters) -> OpaquePointer? {
        let given = parameters.values.sorted { $0.key < $1.key }
        let pairs = [("application_name", "autoscale"), ("client_encoding", "UTF8")] + given
        let keywords = pairs.map { strdup($0.0) }
        let values = pairs.map { strdup($0.1) }
        defer { (keywords + values).forEach { free($0) } }
        return PQconnectStartParams(
            keywords.map { UnsafePointer($0) } + [nil], values.map { UnsafePointer($0) } + [nil], 0)
    }

    private func poll(before deadline: Deadline, timeout: Duration) throws(PostgresFailure) {
        guard PQstatus(connection) != CONNECTION_BAD else { throw refusal }
        var wanted = PGRES_POLLING_WRITING
        while wanted != PGRES_POLLING_OK {
            guard wanted != PGRES_POLLING_FAILED else { throw refusal }
            try wait(
                for: wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT, before: deadline, timeout: timeout)
            wanted = PQconnectPoll(connection)
        }
    }

    /// Sends a text of one or more statements and returns the result of the last.
    ///
    /// Wraps PQsendQuery, PQsetSingleRowMode, PQflush, PQconsumeInput and PQgetResult. After a time-out the connection is of
    /// no more use: let it go, which closes the socket. PQcancel is not called, because it waits without any limit; what the
    /// server goes on with is bounded by its own `statement_timeout`.
    /// - Parameter limit: rows beyond are counted and not kept, so that a wrong statement can't fill the memory.
    package mutating func query(
        _ sql: String, keeping limit: Int = .max, before deadline: Deadline
    ) throws(PostgresFailure) -> PostgresRows {
        try query(Array(sql.utf8), keeping: limit, before: deadline)
    }

    /// The same in the bytes of the session's `client_encoding`.
    package mutating func query(
        _ sql: [UInt8], keeping limit: Int = .max, before deadline: Deadline
    ) throws(PostgresFailure) -> PostgresRows {
        let timeout = deadline.remaining
        let wasSent = (sql + [0]).withUnsafeBytes { bytes in
            PQsendQuery(connection, bytes.assumingMemoryBound(to: CChar.self).baseAddress)
        }
        guard wasSent == 1, PQsetSingleRowMode(connection) == 1 else { throw broken }
        try flush(before: deadline, timeout: timeout)
        var answer = Answer(limit: limit)
        var failure: PostgresFailure?
        func next() throws(PostgresFailure) -> OpaquePointer? {
            do throws(PostgresFailure) {
                return try nextResult(before: deadline, timeout: timeout)
            } catch {
                throw failure ?? error  // a server that says why it hangs up is worth more than that it did
            }
        }
        while let result = try next() {
            defer { PQclear(result) }
            switch PQresultStatus(result) {
            case PGRES_SINGLE_TUPLE: answer.append(result)
            case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: answer.finish(with: result)
            case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:  // would be reported for ever
                throw .failed(sqlState: "0A000", message: "COPY is not a query")
            default: failure = self.failure(of: result)
            }
        }
        if let failure { throw failure }
        return answer.rows
    }

    private func flush(before deadline: Deadline, timeout: Duration) throws(PostgresFailure) {
        while true {
            switch PQflush(connection) {
            case 0: return
            case 1:
                try wait(for: POLLIN | POLLOUT, before: deadline, timeout: timeout)
                guard PQconsumeInput(connection) == 1 else { throw broken }
            default: throw broken
            }
        }
    }

    private func nextResult(before deadline: Deadline, timeout: Duration) throws(PostgresFailure) -> OpaquePointer? {
        guard !deadline.isOver else { throw .timedOut(after: timeout) }
        while PQisBusy(connection) == 1 {
            try wait(for: POLLIN, before: deadline, timeout: timeout)
            guard PQconsumeInput(connection) == 1 else { throw broken }
        }
        return PQgetResult(connection)
    }

    /// Wraps poll(2).
    private func wait(for events: Int32, before deadline: Deadline, timeout: Duration) throws(PostgresFailure) {
        let socket = PQsocket(connection)
        guard socket >= 0 else { throw broken }
        while true {
            let milliseconds = deadline.remaining / .milliseconds(1)
            guard milliseconds > 0 else { throw .timedOut(after: timeout) }
            var entry = pollfd(fd: socket, events: Int16(events), revents: 0)
            let count = Glibc.poll(&entry, 1, Int32(min(milliseconds.rounded(.up), 60_000)))
            if count > 0 { return }
            if count < 0, errno != EINTR { throw .unreachable(detail: String(cString: strerror(errno)).oneLine) }
        }
    }

    private var refusal: PostgresFailure {
        let text = Self.text(PQerrorMessage(connection))
        if PQconnectionNeedsPassword(connection) == 1 { return .passwordMissing(message: text.sentencesInOneLine) }
        return PostgresFailure(connectionText: text)
    }

    private var broken: PostgresFailure {
        .unreachable(detail: Self.text(PQerrorMessage(connection)).sentencesInOneLine)
    }

    /// In bytes. What a server says while it lets nobody in has 30,000 at most (libpq's `MAX_ERRLEN`).
    package static let longestText = 64 << 10

    /// Text of libpq's; a longer one ends with `…`.
    fileprivate static func text(_ start: UnsafePointer<CChar>) -> String {
        let count = strnlen(start, longestText + 1)
        let bytes = UnsafeRawBufferPointer(start: start, count: min(count, longestText))
        return String(decoding: bytes, as: UTF8.self) + (count > longestText ? "…" : "")
    }

    /// A result without a SQLSTATE was made by libpq itself: the connection is gone.
    private func failure(of result: OpaquePointer) -> PostgresFailure {
        guard let sqlState = field(.sqlState, of: result) else {
            return .unreachable(detail: Self.text(PQresultErrorMessage(result)).sentencesInOneLine)
        }
        return PostgresFailure(sqlState: sqlState, message: field(.primaryMessage, of: result) ?? "")
    }

    /// postgres_ext.h; Swift imports no macro that is a character.
    private enum Field: Unicode.Scalar {
        /// `PG_DIAG_SQLSTATE`
        case sqlState = "C"
        /// `PG_DIAG_MESSAGE_PRIMARY`
        case primaryMessage = "M"
    }

    private func field(_ field: Field, of result: OpaquePointer) -> String? {
        PQresultErrorField(result, Int32(field.rawValue.value)).map { Self.text($0).oneLine }
    }
}

/// The rows of the last statement so far.
private struct Answer {
    let limit: Int
    private(set) var rows = PostgresRows()
    private var kept: [[String?]] = []
    private var count = 0

    init(limit: Int) { self.limit = limit }

    mutating func append(_ result: OpaquePointer) {
        count += 1
        guard kept.count < limit else { return }
        kept.append(
            (0..<PQnfields(result)).map { column in
                PQgetisnull(result, 0, column) == 1
                    ? nil : PQgetvalue(result, 0, column).map { PostgresConnection.text($0) }
            })
    }

    mutating func finish(with result: OpaquePointer) {
        rows = PostgresRows(columns: Int(PQnfields(result)), rows: kept, count: count)
        kept = []
        count = 0
    }
}

/// What a thread that connects hands to the one that waits for it.
private final class Attempt: Sendable {
    enum State: ~Copyable {
        case going
        case connected(PostgresConnection)
        case failed(PostgresFailure)
    }

    private let state = Mutex(State.going)
    private let finished = Signal()

    func finish(with result: consuming sending State) {
        var result: State? = consume result
        state.withLock { state in
            if let result = result.take() { state = result }
        }
        finished.send()
    }

    /// What comes later than this is closed with the last reference to the attempt.
    func result(within timeout: Duration) throws(PostgresFailure) -> PostgresConnection {
        // The thread's own clock ends first, unless it is stuck in a name look-up.
        let grace = Duration.milliseconds(50)
        guard finished.wait(within: timeout + grace) else { throw .timedOut(after: timeout) }
        let state = state.withLock { state in
            var taken = State.going
            swap(&taken, &state)
            return taken
        }
        switch consume state {
        case .connected(let connection): return connection
        case .failed(let failure): throw failure
        case .going: throw .timedOut(after: timeout)
        }
    }
}

/// What one thread waits for and another sends; a wall clock that is set meanwhile, which Dispatch's semaphore follows
/// on Linux, makes the wait neither longer nor shorter.
private final class Signal: @unchecked Sendable {
    // Sendable, because `wasSent` is read and written under the mutex only.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var wasSent = false

    init() {
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    func send() {
        pthread_mutex_lock(mutex)
        wasSent = true
        pthread_cond_signal(condition)
        pthread_mutex_unlock(mutex)
    }

    /// Wraps pthread_cond_timedwait(3) on `CLOCK_MONOTONIC`.
    /// - Returns: whether it came in time.
    func wait(within timeout: Duration) -> Bool {
        var end = timespec()
        clock_gettime(CLOCK_MONOTONIC, &end)
        let nanoseconds = end.tv_nsec + Int((timeout / .nanoseconds(1)).rounded())
        end.tv_sec += nanoseconds / 1_000_000_000
        end.tv_nsec = nanoseconds % 1_000_000_000
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while !wasSent, pthread_cond_timedwait(condition, mutex, &end) == 0 {}
        return wasSent
    }
}

extension PostgresFailure {
    /// Rounded to a tenth of a second.
    fileprivate static func timedOut(after timeout: Duration) -> PostgresFailure {
        .timedOut(seconds: (timeout / .milliseconds(100)).rounded() / 10)
    }
}
