package io.idempotenttrace.kotlin.coroutines

import io.idempotenttrace.IdempotencyKey
import io.idempotenttrace.IdempotentTrace
import io.idempotenttrace.TraceId
import io.idempotenttrace.Unhashed
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.CoroutineExceptionHandler
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.onStart
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield

data class Span(val id: String, val name: String, val size: Int)
@JvmInline value class SpanId(val value: String)
@JvmInline value class Count(val value: Int)
@JvmInline value class MaybeName(val value: String?)

@IdempotentTrace
suspend fun topLevel(@IdempotencyKey key: String, size: Int): String {
    Body.run(key)
    return "$key/$size"
}

@IdempotentTrace
suspend fun Span.extension(@IdempotencyKey key: String): Long {
    Body.run(key)
    return 7L
}

@IdempotentTrace
private suspend fun privateTopLevel(@IdempotencyKey key: String, size: Int): List<String> {
    Body.run(key)
    return listOf(key, "x")
}

suspend fun callPrivateTopLevel(key: String, size: Int) = privateTopLevel(key, size)

interface Emitting {
    @IdempotentTrace
    suspend fun inInterface(@IdempotencyKey key: String, size: Int): Int {
        Body.run(key)
        return 9
    }

    @IdempotentTrace
    suspend fun valueClassInInterface(@IdempotencyKey id: SpanId, size: Int = 1): Int {
        Body.run(id.value)
        return 9
    }
}

abstract class Emitter<T> {
    abstract suspend fun overridden(key: String, value: T): T

    @IdempotentTrace
    open suspend fun inherited(@IdempotencyKey key: String, value: T): String {
        Body.run(key)
        return "inherited"
    }

    /** Its name has a hash of its types, and so has that of its body, which is a method of its own. */
    @IdempotentTrace
    open suspend fun openWithValueClass(@IdempotencyKey id: SpanId, size: Int): String {
        Body.run(id.value)
        return "open"
    }

    @IdempotentTrace
    open suspend fun openUnsigned(@IdempotencyKey key: String, size: Int): UInt {
        Body.run(key)
        return 4000000000u
    }
}

object Single {
    @IdempotentTrace
    suspend fun inObject(@IdempotencyKey key: String, size: Int): Boolean {
        Body.run(key)
        return true
    }
}

/** Suspend functions of every kind that the compiler treats in a way of its own. */
class Emitters : Emitter<Int>(), Emitting {

    @IdempotentTrace
    suspend fun member(@IdempotencyKey key: String, span: Span): Map<String, Int> {
        Body.run(key)
        return mapOf(key to span.size)
    }

    @IdempotentTrace
    private suspend fun hidden(@IdempotencyKey key: String, size: Int): String {
        Body.run(key)
        return "hidden"
    }

    suspend fun callHidden(key: String, size: Int) = hidden(key, size)

    @IdempotentTrace
    internal suspend fun ofModule(@IdempotencyKey key: String, size: Int): String {
        Body.run(key)
        return "module"
    }

    @IdempotentTrace
    override suspend fun overridden(@IdempotencyKey key: String, value: Int): Int {
        Body.run(key)
        return 11
    }

    @IdempotentTrace
    suspend fun tailCall(@IdempotencyKey key: String, size: Int): String = Body.runFor(key)

    @IdempotentTrace
    suspend fun neverSuspends(@IdempotencyKey key: String, size: Int): String {
        Body.runAtOnce(key)
        return "at once"
    }

    @IdempotentTrace
    suspend fun defaults(@IdempotencyKey key: String, size: Int, name: String = "default", ratio: Double = 0.5): String {
        Body.run(key)
        return name + ratio
    }

    @IdempotentTrace
    suspend fun <V> generic(@IdempotencyKey key: String, value: V): V {
        Body.run(key)
        return value
    }

    @IdempotentTrace
    suspend fun <V : Comparable<V>> bounded(@IdempotencyKey key: String, values: List<V>): Int {
        Body.run(key)
        return values.sorted().size
    }

    @IdempotentTrace
    suspend fun valueClass(@IdempotencyKey id: SpanId, size: Int): SpanId {
        Body.run(id.value)
        return id
    }

    @IdempotentTrace
    suspend fun valueClassAtOnce(@IdempotencyKey id: SpanId, size: Int): SpanId {
        Body.runAtOnce(id.value)
        return id
    }

    @IdempotentTrace
    suspend fun valueClassOfInt(@IdempotencyKey key: String, size: Count): Count {
        Body.run(key)
        return Count(4)
    }

    @IdempotentTrace
    suspend fun nullableValueClass(@IdempotencyKey key: String, size: Int): SpanId? {
        Body.run(key)
        return null
    }

    @IdempotentTrace
    suspend fun valueClassOfNull(@IdempotencyKey key: String, size: Int): MaybeName {
        Body.run(key)
        return MaybeName(null)
    }

    @IdempotentTrace
    suspend fun unsigned(@IdempotencyKey key: String, size: UInt): UInt {
        Body.run(key)
        return 4000000000u
    }

    @IdempotentTrace
    suspend fun result(@IdempotencyKey key: String, size: Int): Result<String> {
        Body.run(key)
        return Result.success("ok $key")
    }

    @IdempotentTrace
    suspend fun resultOfUnit(@IdempotencyKey key: String, size: Int): Result<Unit> {
        Body.run(key)
        return Result.success(Unit)
    }

    @IdempotentTrace
    suspend fun resultOfNull(@IdempotencyKey key: String, size: Int): Result<String?> {
        Body.run(key)
        return Result.success(null)
    }

    @IdempotentTrace
    suspend fun noResult(@IdempotencyKey key: String, size: Int): Result<String>? {
        Body.run(key)
        return null
    }

    @IdempotentTrace
    suspend fun unit(@IdempotencyKey key: String, size: Int) {
        Body.run(key)
        yield()
    }

    @IdempotentTrace
    suspend fun unitByTailCall(@IdempotencyKey key: String, size: Int) = Body.run(key)

    @IdempotentTrace
    suspend fun nullable(@IdempotencyKey key: String, size: Int): Int? {
        Body.run(key)
        return null
    }

    @TraceId
    @IdempotentTrace
    suspend fun traceId(@IdempotencyKey key: String, size: Int): String {
        Body.run(key)
        return "trace-$key"
    }

    @IdempotentTrace
    suspend fun wide(@IdempotencyKey key: String, size: Long, ratio: Double, on: Boolean, text: String?): Double {
        Body.run(key)
        yield()
        return size * ratio
    }

    @IdempotentTrace
    suspend fun loop(@IdempotencyKey key: String, size: Int): Int {
        var sum = 0
        try {
            for (i in 0 until size) {
                yield()
                sum += i
            }
            Body.run(key)
        } finally {
            yield()
        }
        return sum
    }

    @IdempotentTrace
    suspend fun vararg(@IdempotencyKey key: String, vararg names: String): Int {
        Body.run(key)
        return names.size
    }

    @IdempotentTrace
    suspend fun withBlock(@IdempotencyKey key: String, size: Int, @Unhashed block: suspend () -> String): String {
        Body.run(key)
        return block()
    }

    @IdempotentTrace
    suspend fun elsewhere(@IdempotencyKey key: String, size: Int): String {
        Body.run(key)
        return withContext(Dispatchers.IO) { "elsewhere" }
    }

    @IdempotentTrace
    suspend fun children(@IdempotencyKey key: String, size: Int): Int = coroutineScope {
        launch { yield() }
        val one = async { 1 }
        Body.run(key)
        one.await() + 1
    }

    @IdempotentTrace
    suspend fun timed(@IdempotencyKey key: String, size: Int): String = withTimeout(600_000) {
        Body.run(key)
        "in time"
    }

    @IdempotentTrace
    suspend operator fun invoke(@IdempotencyKey key: String, size: Int): String {
        Body.run(key)
        return "invoked"
    }

    @IdempotentTrace
    fun deferred(@IdempotencyKey key: String, size: Int, @Unhashed context: CoroutineContext): Deferred<String> =
        CoroutineScope(context).async {
            Body.run(key)
            "deferred"
        }

    @IdempotentTrace
    fun lazyDeferred(@IdempotencyKey key: String, size: Int, @Unhashed context: CoroutineContext): Deferred<String> =
        CoroutineScope(context).async(start = CoroutineStart.LAZY) {
            Body.run(key)
            "lazy"
        }

    @IdempotentTrace
    fun job(@IdempotencyKey key: String, size: Int, @Unhashed context: CoroutineContext): Job =
        CoroutineScope(context + CoroutineExceptionHandler { _, _ -> }).launch { Body.run(key) }

    @IdempotentTrace
    fun flow(@IdempotencyKey key: String, size: Int): Flow<String> = flow {
        emit("first")
        Body.run(key)
        emit("last")
    }

    @IdempotentTrace
    fun flowOfOperators(@IdempotencyKey key: String, size: Int): Flow<Int> =
        flowOf(1, 2, 3).onStart { Body.run(key) }.map { it * 2 }.buffer(1)

    @IdempotentTrace
    fun emptyFlow(@IdempotencyKey key: String, size: Int): Flow<Int> = flow { Body.run(key) }

    companion object {
        @IdempotentTrace
        suspend fun inCompanion(@IdempotencyKey key: String, size: Int): String {
            Body.run(key)
            return "companion"
        }
    }
}
