package io.idempotenttrace.kotlin.coroutines

import io.idempotenttrace.IdempotencyKey
import io.idempotenttrace.IdempotentTrace
import kotlinx.coroutines.delay
import kotlinx.coroutines.yield

data class Span(val id: String, val name: String)
@JvmInline value class SpanId(val value: String)
@JvmInline value class Count(val value: Int)

@IdempotentTrace suspend fun topLevel(@IdempotencyKey key: String): String { delay(5); return "t-$key" }
@IdempotentTrace suspend fun Span.extension(n: Long): String { yield(); return "e-$id" }

interface Emitting {
    @IdempotentTrace suspend fun inInterface(@IdempotencyKey key: String): Int { delay(1); return 7 }
}

open class Shapes : Emitting {
    @IdempotentTrace suspend fun member(@IdempotencyKey key: String, span: Span): Span { delay(5); yield(); return span.copy(name = key) }
    @IdempotentTrace private suspend fun hidden(@IdempotencyKey key: String) { delay(5) }
    suspend fun callHidden(key: String) { hidden(key) }
    @IdempotentTrace suspend fun tail(@IdempotencyKey key: String): String = topLevel(key)
    @IdempotentTrace suspend fun noSuspend(@IdempotencyKey key: String): String = "n"
    @IdempotentTrace suspend fun defaults(@IdempotencyKey key: String, n: Int = 3): Int { yield(); return n }
    @IdempotentTrace suspend fun <T> generic(@IdempotencyKey key: String, v: T): T { yield(); return v }
    @IdempotentTrace suspend fun inlineArg(@IdempotencyKey id: SpanId): SpanId { yield(); return id }
    @IdempotentTrace suspend fun inlineInt(@IdempotencyKey id: String): Count { yield(); return Count(4) }
    @IdempotentTrace suspend fun result(@IdempotencyKey id: String): Result<String> { yield(); return Result.success("x") }
    @IdempotentTrace suspend fun nullable(@IdempotencyKey id: String): Int? { yield(); return null }
    @IdempotentTrace suspend fun uint(@IdempotencyKey id: String): UInt { yield(); return 4u }
    @IdempotentTrace suspend fun unit(@IdempotencyKey id: String) { yield() ; println() }
    @IdempotentTrace suspend fun throwing(@IdempotencyKey id: String): String { yield() ; throw IllegalStateException("boom") }
    @IdempotentTrace suspend fun recursive(@IdempotencyKey id: String, n: Int): Int { yield() ; return if (n == 0) 0 else 1 + recursive(id, n - 1) }
    companion object {
        @JvmStatic @IdempotentTrace suspend fun static(@IdempotencyKey key: String): String { yield(); return key }
    }
}
