package io.idempotenttrace.kotlin.coroutines

import kotlin.coroutines.coroutineContext
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.drop
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.flow.toList

/** A kind of suspend function, or another of Kotlin's types whose work goes on, and how it is called: with a key and a payload. */
enum class Shape(
    val value: (String) -> Any?,
    val suspends: Boolean = true,
    val ownContext: Boolean = false,
    val call: suspend (Emitters, String, Int) -> Any?,
) {
    MEMBER({ mapOf(it to 1) }, call = { on, key, n -> on.member(key, Span("s", "n", n)) }),
    PRIVATE({ "hidden" }, call = { on, key, n -> on.callHidden(key, n) }),
    INTERNAL({ "module" }, call = { on, key, n -> on.ofModule(key, n) }),
    OVERRIDE({ 11 }, call = { on, key, n -> on.overridden(key, n) }),
    OVERRIDE_BY_BRIDGE({ 11 }, call = { on, key, n -> (on as Emitter<Int>).overridden(key, n) }),
    INHERITED({ "inherited" }, call = { on, key, n -> on.inherited(key, n) }),
    OPEN_WITH_VALUE_CLASS({ "open" }, call = { on, key, n -> on.openWithValueClass(SpanId(key), n) }),
    OPEN_UNSIGNED({ 4000000000u }, call = { on, key, n -> on.openUnsigned(key, n) }),
    VALUE_CLASS_IN_INTERFACE({ 9 }, call = { on, key, n -> on.valueClassInInterface(SpanId(key), n) }),
    TOP_LEVEL({ "$it/1" }, call = { _, key, n -> topLevel(key, n) }),
    PRIVATE_TOP_LEVEL({ listOf(it, "x") }, call = { _, key, n -> callPrivateTopLevel(key, n) }),
    EXTENSION({ 7L }, call = { _, key, n -> Span("s", "n", n).extension(key) }),
    INTERFACE({ 9 }, call = { on, key, n -> on.inInterface(key, n) }),
    OBJECT({ true }, call = { _, key, n -> Single.inObject(key, n) }),
    COMPANION({ "companion" }, call = { _, key, n -> Emitters.inCompanion(key, n) }),
    TAIL_CALL({ "for $it" }, call = { on, key, n -> on.tailCall(key, n) }),
    NEVER_SUSPENDS({ "at once" }, suspends = false, call = { on, key, n -> on.neverSuspends(key, n) }),
    DEFAULTS({ "default0.5" }, call = { on, key, n -> on.defaults(key, n) }),
    GENERIC({ "v1" }, call = { on, key, n -> on.generic(key, "v$n") }),
    BOUNDED({ 2 }, call = { on, key, n -> on.bounded(key, listOf("b$n", "a")) }),
    VALUE_CLASS({ SpanId(it) }, call = { on, key, n -> on.valueClass(SpanId(key), n) }),
    VALUE_CLASS_AT_ONCE({ SpanId(it) }, suspends = false, call = { on, key, n -> on.valueClassAtOnce(SpanId(key), n) }),
    VALUE_CLASS_OF_INT({ Count(4) }, call = { on, key, n -> on.valueClassOfInt(key, Count(n)) }),
    NULLABLE_VALUE_CLASS({ null }, call = { on, key, n -> on.nullableValueClass(key, n) }),
    VALUE_CLASS_OF_NULL({ MaybeName(null) }, call = { on, key, n -> on.valueClassOfNull(key, n) }),
    UNSIGNED({ 4000000000u }, call = { on, key, n -> on.unsigned(key, n.toUInt()) }),
    RESULT({ Result.success("ok $it") }, call = { on, key, n -> on.result(key, n) }),
    RESULT_OF_UNIT({ Result.success(Unit) }, call = { on, key, n -> on.resultOfUnit(key, n) }),
    RESULT_OF_NULL({ Result.success(null) }, call = { on, key, n -> on.resultOfNull(key, n) }),
    NO_RESULT({ null }, call = { on, key, n -> on.noResult(key, n) }),
    UNIT({ Unit }, call = { on, key, n -> on.unit(key, n) }),
    UNIT_BY_TAIL_CALL({ Unit }, call = { on, key, n -> on.unitByTailCall(key, n) }),
    NULLABLE({ null }, call = { on, key, n -> on.nullable(key, n) }),
    TRACE_ID({ "trace-$it" }, call = { on, key, n -> on.traceId(key, n) }),
    WIDE({ 0.5 }, call = { on, key, n -> on.wide(key, n.toLong(), 0.5, true, null) }),
    LOOP({ 0 }, call = { on, key, n -> on.loop(key, n) }),
    VARARG({ 2 }, call = { on, key, n -> on.vararg(key, "a", "b$n") }),
    WITH_BLOCK({ "block" }, call = { on, key, n -> on.withBlock(key, n) { "block" } }),
    ELSEWHERE({ "elsewhere" }, call = { on, key, n -> on.elsewhere(key, n) }),
    CHILDREN({ 2 }, call = { on, key, n -> on.children(key, n) }),
    TIMED({ "in time" }, call = { on, key, n -> on.timed(key, n) }),
    OPERATOR({ "invoked" }, call = { on, key, n -> on(key, n) }),
    DEFERRED({ "deferred" }, call = { on, key, n -> ended(on.deferred(key, n, withoutJob())) }),
    LAZY_DEFERRED({ "lazy" }, call = { on, key, n -> ended(on.lazyDeferred(key, n, withoutJob())) }),
    JOB({ Unit }, call = { on, key, n -> ended(on.job(key, n, withoutJob())) }),
    FLOW({ listOf("first", "last") }, call = { on, key, n -> on.flow(key, n).toList() }),
    FLOW_OF_OPERATORS({ listOf(4, 6) }, call = { on, key, n -> flow { on.flowOfOperators(key, n).collect { emit(it) } }.drop(1).toList() }),
    EMPTY_FLOW({ emptyList<Int>() }, call = { on, key, n -> on.emptyFlow(key, n).flowOn(Dispatchers.Default).toList() }, ownContext = true);
}

private suspend fun withoutJob() = coroutineContext.minusKey(Job)

/** Who waits in vain for what an emitter began ends it as well. */
private suspend fun <T> ended(deferred: Deferred<T>): T = try {
    deferred.await()
} catch (e: CancellationException) {
    deferred.cancel()
    throw e
}

@OptIn(InternalCoroutinesApi::class)
private suspend fun ended(job: Job) {
    try {
        job.join()
    } catch (e: CancellationException) {
        job.cancel()
        throw e
    }
    if (job.isCancelled) {
        throw job.getCancellationException().let { it.cause ?: it }
    }
}

