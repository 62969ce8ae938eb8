package io.idempotenttrace.kotlin.copies

import io.idempotenttrace.IdempotencyKey
import io.idempotenttrace.IdempotentTrace
import java.util.concurrent.atomic.AtomicInteger

object Bodies {
    @JvmField val runs = AtomicInteger()
    @JvmStatic fun ran(result: String): String { runs.incrementAndGet(); return result }
}

open class Emitter(private val base: Int = 1) {
    @JvmOverloads @IdempotentTrace
    fun over(@IdempotencyKey key: String, note: String = "none", n: Int = 3) = Bodies.ran("$key $note $n")
    @JvmOverloads @IdempotentTrace
    fun wide(@IdempotencyKey key: String, a: Long = 4L, b: Double = 2.0, c: String = key + base) = Bodies.ran("$key $a $b $c").length.toLong()
    @JvmOverloads @IdempotentTrace fun hashed(key: String, note: String = "none") = Bodies.ran("$key $note")
    @JvmOverloads @IdempotentTrace fun nothing(@IdempotencyKey key: String, note: String? = null) { Bodies.ran("$key $note") }
    @IdempotentTrace private fun hidden(@IdempotencyKey key: String, n: Int = 2) = Bodies.ran("$key $n")
    fun callHidden(key: String) = { hidden(key) }()
    fun callHiddenFull(key: String) = { hidden(key, 2) }()
    @IdempotentTrace(scope = "inside") internal fun inside(@IdempotencyKey key: String, n: Int = 2) = Bodies.ran("$key $n")
    fun callInside(key: String) = inside(key)
    @IdempotentTrace @JvmName("renamed") fun byName(@IdempotencyKey key: String) = Bodies.ran(key)
    @IdempotentTrace @JvmSynthetic fun synthetic(@IdempotencyKey key: String) = Bodies.ran(key)
    fun callSynthetic(key: String) = synthetic(key)
    @IdempotentTrace @Synchronized fun synced(@IdempotencyKey key: String) = Bodies.ran(key)
    @IdempotentTrace tailrec fun tail(@IdempotencyKey key: String, n: Int): String = if (n == 0) Bodies.ran(key) else tail(key, n - 1)
    @JvmOverloads @IdempotentTrace fun many(@IdempotencyKey key: String, vararg more: Int, last: String = "x") = Bodies.ran("$key ${more.size}")
    @IdempotentTrace fun mangled(@IdempotencyKey key: String, id: SpanId = SpanId("x"), n: Int = 3) = Bodies.ran("$key $id $n")
    fun callMangledShort(key: String) = mangled(key)
    fun callMangled(key: String) = mangled(key, SpanId("x"), 3)
    var state: String = ""
        @IdempotentTrace set(@IdempotencyKey value) { field = Bodies.ran(value) }
    private var calls = 0
    /** The variable that the local function shares is no payload: it is another one on each call. */
    fun callLocal(key: String): String {
        var count = ++calls
        @IdempotentTrace fun local(@IdempotencyKey k: String, n: Int = 2): String { count += n; return Bodies.ran("$k $count") }
        return local(key)
    }

    companion object {
        @JvmStatic @IdempotentTrace fun stat(@IdempotencyKey key: String) = Bodies.ran("r-$key")
        @JvmStatic @JvmOverloads @IdempotentTrace(scope = "s2") fun scoped(@IdempotencyKey key: String, n: Int = 4) = Bodies.ran("$key $n")
        @JvmStatic @IdempotentTrace private fun concealed(@IdempotencyKey key: String) = Bodies.ran(key)
        fun callConcealed(key: String) = { concealed(key) }()
    }
}

object Single {
    @JvmStatic @JvmOverloads @IdempotentTrace fun one(@IdempotencyKey key: String, n: Int = 4) = Bodies.ran("$key $n")
}

class Named {
    companion object Factory { @JvmStatic @IdempotentTrace fun make(@IdempotencyKey key: String) = Bodies.ran(key) }
}

@JvmOverloads @IdempotentTrace fun topLevel(@IdempotencyKey key: String, n: Int = 3) = Bodies.ran("$key $n")
@JvmOverloads @IdempotentTrace fun String.ext(@IdempotencyKey key: String, n: Int = 3) = Bodies.ran("$this $key $n")

@JvmInline value class SpanId(val value: String) : Named2 {
    @IdempotentTrace override fun emit(@IdempotencyKey key: String, n: Int) = Bodies.ran("$key $n")
}

interface Named2 { fun emit(key: String, n: Int): String }

fun emitUnboxed(key: String) = SpanId("v").emit(key, 1)
fun emitBoxed(key: String): String { val boxed: Named2 = SpanId("w"); return boxed.emit(key, 1) }

/** What the interface has a body for is emitted by objects with state, which is no part of the payload. */
interface Sink {
    @IdempotentTrace fun emit(@IdempotencyKey key: String, note: String) = Bodies.ran("$key $note")
    @IdempotentTrace fun hashed(note: String) = Bodies.ran(note)
    @IdempotentTrace fun args(@IdempotencyKey key: String, n: Int = 5) = Bodies.ran("$key $n")
    @IdempotentTrace private fun hidden(@IdempotencyKey key: String) = Bodies.ran(key)
    fun callHidden(key: String) = hidden(key)
    fun callArgs(key: String) = args(key)
    companion object { @JvmStatic @IdempotentTrace fun stat(@IdempotencyKey key: String) = Bodies.ran(key) }
}
class Stateless : Sink
class Eu(val region: String) : Sink
class Us(val region: String) : Sink
class Above : Sink { override fun emit(key: String, note: String) = super.emit(key, note) }
class By(sink: Sink) : Sink by sink

interface Abstract { @IdempotentTrace fun abs(@IdempotencyKey key: String): String }
class Concrete : Abstract { @IdempotentTrace override fun abs(@IdempotencyKey key: String) = Bodies.ran(key) }
class Bare : Abstract { override fun abs(key: String) = Bodies.ran(key) }
class AbstractBy(to: Abstract) : Abstract by to

interface Generic<T> { @IdempotentTrace fun gen(@IdempotencyKey value: T): String = Bodies.ran("g") }
class GenericImpl : Generic<String> { @IdempotentTrace override fun gen(@IdempotencyKey value: String) = Bodies.ran("i") }
class GenericInherited : Generic<String>
fun <T> callGeneric(on: Generic<T>, value: T) = on.gen(value)

open class Base { @IdempotentTrace open fun over(@IdempotencyKey key: String) = Bodies.ran(key) }
class Derived : Base() { @IdempotentTrace override fun over(@IdempotencyKey key: String) = super.over(key) }

enum class Level {
    LOW { @IdempotentTrace override fun emit(@IdempotencyKey key: String) = Bodies.ran(key) };
    abstract fun emit(key: String): String
}

class Reported {
    @IdempotentTrace inline fun inlined(@IdempotencyKey key: String, then: () -> Unit) { Bodies.ran(key); then() }
    val lambda = @IdempotentTrace { key: String -> Bodies.ran(key) }
}
