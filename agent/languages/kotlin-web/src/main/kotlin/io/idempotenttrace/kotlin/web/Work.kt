package io.idempotenttrace.kotlin.web

import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicInteger
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.yield

/** What became of the requests of one key, and what the next body of it does. */
class Work private constructor(private val key: String) {

    private val arrived = AtomicInteger()
    private val left = AtomicInteger()
    private val begun = AtomicInteger()
    private val cancelled = AtomicInteger()
    private val next = ConcurrentLinkedQueue<String>()
    private val gate = CompletableDeferred<Unit>()

    /** @param what "hold": the body suspends until [open]; "fail": it throws */
    fun next(what: String) {
        next.add(what)
    }

    fun open() {
        gate.complete(Unit)
    }

    /** Counts a request from its arrival until the server has done with it. */
    suspend fun request(answer: suspend () -> Unit) {
        arrived.incrementAndGet()
        try {
            answer()
        } finally {
            left.incrementAndGet()
        }
    }

    /** The body of each guarded function calls this once. */
    suspend fun run(): String {
        val run = begun.incrementAndGet()
        try {
            when (next.poll()) {
                "hold" -> gate.await()
                "fail" -> throw IllegalStateException("told to fail")
                else -> yield()
            }
        } catch (e: CancellationException) {
            cancelled.incrementAndGet()
            throw e
        }
        return "run $run of $key"
    }

    override fun toString() = "arrived=$arrived left=$left begun=$begun cancelled=$cancelled"

    companion object {
        const val KEY_HEADER = "Idempotency-Key"
        private val all = ConcurrentHashMap<String, Work>()

        fun of(key: String): Work = all.computeIfAbsent(key) { Work(it) }
    }
}
