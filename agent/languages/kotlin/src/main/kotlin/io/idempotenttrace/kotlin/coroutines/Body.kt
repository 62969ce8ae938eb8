package io.idempotenttrace.kotlin.coroutines

import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicInteger
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.coroutineContext
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.yield

/** What the body of a key does, and what it was seen to do. */
class Body private constructor() {

    private val runs = AtomicInteger()

    /** Completed when the body has begun. */
    @Volatile var begun = CompletableDeferred<Unit>()

    /** What the body waits for; null for nothing. */
    @Volatile var gate: CompletableDeferred<Unit>? = null

    /** Whether the next run fails. */
    @Volatile var failing = false

    /** In which context the body ran last. */
    @Volatile var interceptor: ContinuationInterceptor? = null

    val count: Int get() = runs.get()

    private fun begin() {
        runs.incrementAndGet()
        begun.complete(Unit)
    }

    private fun end() {
        if (failing) {
            failing = false
            throw IllegalStateException("told to fail")
        }
    }

    companion object {
        private val bodies = ConcurrentHashMap<String, Body>()

        fun of(key: String): Body = bodies.computeIfAbsent(key) { Body() }

        /** The body of each emitter calls this once. */
        suspend fun run(key: String) {
            val body = of(key)
            body.interceptor = coroutineContext[ContinuationInterceptor]
            body.begin()
            yield()
            body.gate?.await()
            body.end()
        }

        /** As [run], without a place to suspend at. */
        fun runAtOnce(key: String) {
            val body = of(key)
            body.begin()
            body.end()
        }

        /** As [run], with a result, for bodies that are nothing else than this call. */
        suspend fun runFor(key: String): String {
            run(key)
            return "for $key"
        }
    }
}
