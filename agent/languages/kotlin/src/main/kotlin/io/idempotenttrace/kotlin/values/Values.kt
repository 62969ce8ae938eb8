package io.idempotenttrace.kotlin.values

import io.idempotenttrace.IdempotencyKey
import io.idempotenttrace.IdempotentTrace
import io.idempotenttrace.Unhashed
import java.math.BigDecimal
import java.util.concurrent.CompletableFuture
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.channels.ReceiveChannel
import kotlinx.coroutines.channels.produce
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.future.future
import kotlinx.coroutines.runBlocking

@JvmInline value class SpanId(val value: String)
data class Span(val id: SpanId, val isRoot: Boolean, val attributes: Map<String, Any?> = emptyMap(), val pair: Pair<String, Int>? = null)
data class Money(val amount: BigDecimal, val currency: String = "EUR")
sealed interface Event {
    data class Opened(val count: Int) : Event
    data class Named(val name: String) : Event
    data object Closed : Event
}
enum class Color(val code: String) { RED("r"), BLUE("b") { override fun toString() = "azure" } }

/** What Kotlin methods take and return. Each method takes its key first, or hashes all that it takes. */
class Values {

    val runs = AtomicInteger()
    private val scope = CoroutineScope(Dispatchers.Default + SupervisorJob())

    private fun <T> ran(value: T): T {
        runs.incrementAndGet()
        return value
    }

    private fun fail(): Nothing = throw IllegalStateException("told to fail")

    private fun failIf(key: String) {
        if (key == "bad") fail()
    }

    private fun caught(key: String) = ran(runCatching { failIf(key); "ok" })

    @IdempotentTrace fun deferred(@IdempotencyKey key: String): Deferred<String> = scope.async { ran("d").also { failIf(key) } }
    @IdempotentTrace fun future(@IdempotencyKey key: String): CompletableFuture<String> = scope.future { ran("f").also { failIf(key) } }
    @IdempotentTrace fun flow(@IdempotencyKey key: String): Flow<String> = flow { emit(ran("one")); failIf(key); emit("two") }
    @IdempotentTrace suspend fun suspending(@IdempotencyKey key: String): String { delay(1); return ran("s").also { failIf(key) } }
    @IdempotentTrace fun sequence(@IdempotencyKey key: String): Sequence<String> = sequenceOf(ran("q"))
    @IdempotentTrace fun channel(@IdempotencyKey key: String): ReceiveChannel<String> = ran(Channels.of(scope))
    @IdempotentTrace suspend fun flowLater(@IdempotencyKey key: String): Flow<String> { delay(1); return flow { emit(ran("l")) } }
    @IdempotentTrace suspend fun deferredLater(@IdempotencyKey key: String): Deferred<String> { delay(1); return scope.async { ran("l") } }
    @IdempotentTrace suspend fun futures(@IdempotencyKey key: String): List<CompletableFuture<String>> =
        listOf(scope.future { ran("l") }).also { delay(1) }

    @IdempotentTrace fun spanId(@IdempotencyKey id: SpanId): SpanId = ran(id)
    @IdempotentTrace fun span(@IdempotencyKey key: String): Span = ran(Span(SpanId(key), true, mapOf("a" to 1)))
    @IdempotentTrace fun spans(@IdempotencyKey key: String): List<Span> = ran(listOf(Span(SpanId(key), false)))
    @IdempotentTrace fun money(@IdempotencyKey key: String): Money = ran(Money(BigDecimal("1.50")))
    @IdempotentTrace fun pair(@IdempotencyKey key: String): Pair<String, Int> = ran(key to 3)
    @IdempotentTrace fun result(@IdempotencyKey key: String): Result<String> = caught(key)
    @IdempotentTrace suspend fun resultLater(@IdempotencyKey key: String): Result<String> { delay(1); return caught(key) }
    @IdempotentTrace suspend fun resultOfUnit(@IdempotencyKey key: String): Result<Unit> = caught(key).map { }
    @IdempotentTrace fun deferredResult(@IdempotencyKey key: String): Deferred<Result<String>> = scope.async { caught(key) }
    @IdempotentTrace fun resultsFlow(@IdempotencyKey key: String): Flow<Result<String>> = flow { emit(caught(key)) }
    @IdempotentTrace fun unit(@IdempotencyKey key: String): Unit = ran(Unit)
    @IdempotentTrace fun <T> generic(@IdempotencyKey key: String, @Unhashed value: () -> T): T = ran(value())
    @IdempotentTrace fun event(@IdempotencyKey key: String): Event = ran(Event.Opened(5))
    @IdempotentTrace fun closed(@IdempotencyKey key: String): Event = ran(Event.Closed)
    @IdempotentTrace fun color(@IdempotencyKey key: String): Color = ran(Color.BLUE)
    @IdempotentTrace fun unsigned(@IdempotencyKey key: String): UInt = ran(4000000000u)
    @IdempotentTrace fun duration(@IdempotencyKey key: String): Duration = ran(1.minutes)
    @IdempotentTrace fun nullable(@IdempotencyKey key: String): Int? = ran(null)
    @IdempotentTrace fun nothing(@IdempotencyKey key: String): Nothing { ran(key); fail() }

    @IdempotentTrace fun takesSpan(span: Span) { ran(span) }
    @IdempotentTrace fun takesEvent(event: Event) { ran(event) }
    @IdempotentTrace fun takesColor(color: Color) { ran(color) }
    @IdempotentTrace fun takesPair(pair: Pair<String, Any?>) { ran(pair) }
    @IdempotentTrace fun takesMany(vararg names: String) { ran(names) }
    @IdempotentTrace fun takesDuration(@IdempotencyKey key: String, duration: Duration) { ran(duration) }
    @IdempotentTrace fun takesLambda(@IdempotencyKey key: String, then: () -> Unit) { ran(then()) }
    @IdempotentTrace fun takesUnsigned(size: ULong) { ran(size) }
}

private object Channels {
    fun of(scope: CoroutineScope): ReceiveChannel<String> = scope.produce { send("c") }
}

private fun show(name: String, vararg calls: (Values) -> Any?) {
    val values = Values()
    val shown = calls.map {
        try {
            it(values)
        } catch (e: Throwable) {
            e.javaClass.simpleName
        }
    }
    println("$name = ${shown.joinToString()} (${values.runs})")
}

private fun twice(name: String, call: (Values) -> Any?) = show(name, call, call)

fun main() {
    for (key in listOf("k", "bad")) {
        twice("deferred $key") { runBlocking { it.deferred(key).await() } }
        twice("future $key") { it.future(key).join() }
        twice("flow $key") { runBlocking { it.flow(key).toList() } }
        twice("suspending $key") { runBlocking { it.suspending(key) } }
        twice("result $key") { it.result(key) }
        twice("result later $key") { runBlocking { it.resultLater(key) } }
        twice("result of unit $key") { runBlocking { it.resultOfUnit(key) } }
        twice("deferred result $key") { runBlocking { it.deferredResult(key).await() } }
        twice("flow of results $key") { runBlocking { it.resultsFlow(key).toList() } }
        twice("generic result $key") { it.generic("result $key") { runCatching { check(key == "k") { "told to fail" } } } }
    }
    twice("sequence") { it.sequence("k").toList() }
    twice("channel") { runBlocking { it.channel("k").receive() } }
    twice("flow later") { runBlocking { it.flowLater("k").toList() } }
    twice("deferred later") { runBlocking { it.deferredLater("k").await() } }
    twice("futures") { runBlocking { it.futures("k").map { one -> one.join() } } }
    twice("value class") { it.spanId(SpanId("a")) }
    twice("data class") { it.span("k") }
    twice("data classes") { it.spans("k") }
    twice("default argument of a data class") { it.money("k") }
    twice("pair") { it.pair("k") }
    twice("unit") { it.unit("k") }
    twice("generic text") { it.generic("k") { "text" } }
    twice("generic number") { it.generic("n") { 5 } }
    twice("sealed") { it.event("k") }
    twice("data object") { it.closed("k") }
    twice("enum") { it.color("k") }
    twice("unsigned") { it.unsigned("k") }
    twice("duration") { it.duration("k") }
    twice("null") { it.nullable("k") }
    twice("nothing") { it.nothing("k") }
    twice("takes a data class") { it.takesSpan(Span(SpanId("a"), true, mapOf("z" to null, "a" to listOf(1, 2.5)), "x" to 1)) }
    show("takes sealed classes", { it.takesEvent(Event.Opened(1)) }, { it.takesEvent(Event.Opened(1)) }, { it.takesEvent(Event.Closed) },
        { it.takesEvent(Event.Closed) }, { it.takesEvent(Event.Named("1")) }, { it.takesEvent(Event.Opened(2)) })
    show("takes enums", { it.takesColor(Color.BLUE) }, { it.takesColor(Color.BLUE) }, { it.takesColor(Color.RED) })
    show("takes pairs", { it.takesPair("a" to null) }, { it.takesPair("a" to null) }, { it.takesPair("a" to 1) })
    show("takes many", { it.takesMany("a", "b") }, { it.takesMany("a", "b") }, { it.takesMany("a,b") })
    show("takes durations", { it.takesDuration("k", 1.minutes) }, { it.takesDuration("k", 1.minutes) }, { it.takesDuration("k", 2.minutes) })
    twice("takes a lambda") { it.takesLambda("k") { } }
    show("takes unsigned numbers", { it.takesUnsigned(5u) }, { it.takesUnsigned(5u) }, { it.takesUnsigned(ULong.MAX_VALUE) })
}
