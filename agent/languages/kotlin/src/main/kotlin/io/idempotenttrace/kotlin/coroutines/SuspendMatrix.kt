package io.idempotenttrace.kotlin.coroutines

import io.idempotenttrace.TraceConflictException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentHashMap
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.coroutineContext
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.supervisorScope

/** Where a coroutine runs that calls an emitter. The first one runs in the event loop of runBlocking, on one thread. */
enum class Where(val dispatcher: CoroutineDispatcher?) {
    RUN_BLOCKING(null), DEFAULT(Dispatchers.Default), IO(Dispatchers.IO), UNCONFINED(Dispatchers.Unconfined)
}

/** All that can become of a call; each function is one kind. Throws what is wrong. */
enum class Fate(val test: suspend Cell.() -> Unit) {

    RUNS_ONCE({
        value(call())
        runs(1)
        ranIn(coroutineContext[ContinuationInterceptor])
        told("new")
    }),

    DUPLICATE({
        call()
        value(call())
        value(call())
        runs(1)
        told("new", "duplicate", "duplicate")
    }),

    CONFLICT({
        call()
        expect<TraceConflictException> { call(2) }
        runs(1)
        told("new", "conflict")
    }),

    FAILURE_RELEASES({
        body.failing = true
        expect<IllegalStateException> { call() }
        value(call())
        runs(2)
        told("failed", "new")
    }),

    /** The second call suspends: were it to block, it would not come back to its starter. */
    IN_PROGRESS_SUSPENDS({
        held { first, gate ->
            val second = started()
            check(second.isActive) { "the second call did not wait" }
            gate.complete(Unit)
            value(first.await())
            value(second.await())
            runs(1)
            told("new", "duplicate")
        }
    }),

    FAILURE_LETS_WAITERS_RUN({
        held { first, gate ->
            val second = started()
            body.failing = true
            gate.complete(Unit)
            expect<IllegalStateException> { first.await() }
            value(second.await())
            runs(2)
            told("failed", "new")
        }
    }),

    CANCEL_RELEASES({
        held { first, _ ->
            first.cancelAndJoin()
            body.gate = null
            value(call())
            runs(2)
            told("failed", "new")
        }
    }),

    CANCEL_ENDS_A_WAIT({
        held { first, gate ->
            val second = started()
            second.cancelAndJoin()
            expect<CancellationException> { second.await() }
            gate.complete(Unit)
            value(first.await())
            value(call())
            runs(1)
            told("new", "duplicate", "duplicate")
        }
    }),

    A_CANCELLED_WAIT_GIVES_ITS_CLAIM_BACK({
        held { first, gate ->
            val second = started()
            second.cancelAndJoin()
            body.failing = true
            gate.complete(Unit)
            expect<IllegalStateException> { first.await() }
            value(call())
            runs(2)
            told("failed", "failed", "new")
        }
    });

    /** Whether it can be shown of a body that never suspends. */
    val needsHold: Boolean get() = ordinal >= 4
}

/** One cell of the matrix: a shape, called from a place, meets a fate. */
class Cell(private val shape: Shape, private val emitters: Emitters, private val scope: CoroutineScope, val key: String) {

    val body: Body = Body.of(key)

    suspend fun call(payload: Int = 1): Any? {
        val before = coroutineContext[ContinuationInterceptor]
        val value = shape.call(emitters, key, payload)
        check(coroutineContext[ContinuationInterceptor] === before) { "came back in another context" }
        return value
    }

    fun started(): Deferred<Any?> = scope.async(start = CoroutineStart.UNDISPATCHED) { call() }

    /** A call whose body has begun, and waits. */
    suspend fun held(then: suspend (Deferred<Any?>, CompletableDeferred<Unit>) -> Unit) {
        val gate = CompletableDeferred<Unit>()
        body.gate = gate
        val first = started()
        body.begun.await()
        then(first, gate)
    }

    fun value(actual: Any?) {
        val expected = shape.value(key)
        check(actual == expected) { "returned $actual, not $expected" }
    }

    fun runs(expected: Int) = check(body.count == expected) { "its body ran ${body.count} times, not $expected" }

    fun ranIn(interceptor: ContinuationInterceptor?) =
        check(!shape.suspends || shape.ownContext || body.interceptor === interceptor) { "its body ran in ${body.interceptor}, not $interceptor" }

    fun told(vararg endings: String) = endings.forEach { expectedEndings.merge(it, 1, Int::plus) }

    suspend inline fun <reified E : Throwable> expect(what: () -> Unit) {
        try {
            what()
        } catch (e: Throwable) {
            check(e is E) { "threw $e" }
            return
        }
        error("did not throw ${E::class.java.simpleName}")
    }

    companion object {
        val expectedEndings = ConcurrentHashMap<String, Int>()
    }
}

/** Runs on a thread of its own, a virtual one where asked for. */
private fun onThread(virtual: Boolean, what: () -> Unit) {
    val ended = CompletableFuture<Unit>()
    val task = Runnable {
        try {
            what()
            ended.complete(Unit)
        } catch (e: Throwable) {
            ended.completeExceptionally(e)
        }
    }
    if (virtual) {
        // Java 21 has them; the module is compiled for older ones.
        Thread::class.java.getMethod("startVirtualThread", Runnable::class.java).invoke(null, task)
    } else {
        Thread(task).start()
    }
    ended.join()
}

private fun runCell(shape: Shape, where: Where, fate: Fate, key: String) = runBlocking {
    val test: suspend CoroutineScope.() -> Unit = { fate.test(Cell(shape, Emitters(), this, key)) }
    if (where.dispatcher == null) {
        supervisorScope { test() }
    } else {
        CoroutineScope(where.dispatcher).async { supervisorScope { test() } }.await()
    }
}

/**
 * Runs "all" cells, from platform threads and, where there are such, from virtual ones; or "some": of each shape each fate, by turns on one of
 * the dispatchers.
 */
fun main(arguments: Array<String>) {
    val all = arguments[0] == "all"
    val threads = if (Runtime.version().feature() >= 21) listOf(false, true) else listOf(false)
    var cells = 0
    var wrong = 0
    for (shape in Shape.values()) {
        for (fate in Fate.values()) {
            for (where in Where.values()) {
                val turn = (shape.ordinal + fate.ordinal) % Where.values().size == where.ordinal
                for (virtual in threads) {
                    if (fate.needsHold && !shape.suspends || !all && !(turn && virtual == threads.last())) {
                        continue
                    }
                    cells++
                    val name = "$shape $where${if (virtual) " virtual" else ""} $fate"
                    try {
                        onThread(virtual) { runCell(shape, where, fate, name) }
                    } catch (e: Throwable) {
                        wrong++
                        println("WRONG $name: ${e.cause ?: e}")
                    }
                }
            }
        }
    }
    println("endings=" + Cell.expectedEndings.toSortedMap())
    println("shapes=${Shape.values().size} cells=$cells wrong=$wrong")
}
