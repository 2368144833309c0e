/// The same value; an error of one boundary becomes one of the next.
package func rethrow<Value, Inner: Error, Outer: Error>(
    _ body: @autoclosure () throws(Inner) -> Value, as outer: (Inner) -> Outer
) throws(Outer) -> Value {
    do throws(Inner) {
        return try body()
    } catch {
        throw outer(error)
    }
}
