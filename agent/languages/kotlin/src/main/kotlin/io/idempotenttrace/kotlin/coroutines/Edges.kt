package io.idempotenttrace.kotlin.coroutines

import io.idempotenttrace.IdempotencyKey
import io.idempotenttrace.IdempotentTrace
import java.io.IOException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.atomic.AtomicInteger
import kotlin.coroutines.Continuation
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.resume
import kotlin.coroutines.startCoroutine
import kotlin.coroutines.suspendCoroutine
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableSharedFlow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield

/** Calls inside of calls, and what else a coroutine may do that a thread does not. Each function is one case. */
class Edges {

    val runs = AtomicInteger()
    var next: CompletableDeferred<Unit>? = null
    val parked = CompletableFuture<Continuation<Unit>>()

    @IdempotentTrace(scope = "nested")
    suspend fun outer(@IdempotencyKey key: String, how: String): String {
        runs.incrementAndGet()
        if (how.startsWith("late")) {
            yield()
        }
        return "outer " + when (how.removePrefix("late ")) {
            "call" -> inner(key)
            "elsewhere" -> withContext(Dispatchers.IO) { inner(key) }
            "child" -> coroutineScope { async { yield(); inner(key) }.await() }
            "blocking" -> plain(key)
            "itself" -> outer(key, "nothing")
            else -> "end"
        }
    }

    @IdempotentTrace(scope = "nested")
    suspend fun inner(@IdempotencyKey key: String): String {
        runs.incrementAndGet()
        yield()
        return "inner"
    }

    @IdempotentTrace(scope = "nested")
    fun plain(@IdempotencyKey key: String): String {
        runs.incrementAndGet()
        return "plain"
    }

    @IdempotentTrace(scope = "nested")
    fun plainAround(@IdempotencyKey key: String): String = runBlocking { inner(key) }

    /** While its body runs on a thread, another coroutine runs on the same one, in the middle of it. */
    @IdempotentTrace
    suspend fun resumesAnother(@IdempotencyKey key: String): Int {
        val run = runs.incrementAndGet()
        next?.complete(Unit)
        return run
    }

    @IdempotentTrace
    suspend fun throwsChecked(@IdempotencyKey key: String) {
        yield()
        runs.incrementAndGet()
        throw IOException("checked")
    }

    @IdempotentTrace
    suspend fun throwsCheckedAtOnce(@IdempotencyKey key: String) {
        runs.incrementAndGet()
        throw IOException("checked")
    }

    @IdempotentTrace
    fun failingFlow(@IdempotencyKey key: String): Flow<Int> = flow {
        runs.incrementAndGet()
        throw IOException("checked")
    }

    @IdempotentTrace
    fun items(@IdempotencyKey key: String): Flow<Int> = flow {
        runs.incrementAndGet()
        emit(1)
        emit(2)
    }

    @IdempotentTrace
    fun sharedAsFlow(@IdempotencyKey key: String): Flow<Int> = MutableSharedFlow<Int>(replay = 1).also {
        runs.incrementAndGet()
        it.tryEmit(5)
    }

    @IdempotentTrace
    fun state(@IdempotencyKey key: String): StateFlow<Int> = MutableStateFlow(1)

    @IdempotentTrace
    suspend fun parks(@IdempotencyKey key: String): Int {
        val run = runs.incrementAndGet()
        suspendCoroutine { parked.complete(it) }
        return run
    }

    @IdempotentTrace
    suspend fun name(@IdempotencyKey key: String): String {
        yield()
        return currentCoroutineContext()[CoroutineName]!!.name
    }
}

private fun show(name: String, what: () -> Any?) {
    val shown = try {
        what()
    } catch (e: Throwable) {
        e.javaClass.simpleName + ": " + e.message
    }
    println("$name = $shown")
}

fun main() {
    for (how in listOf("call", "elsewhere", "child", "blocking", "itself", "late call", "late elsewhere", "late child", "late blocking", "late itself")) {
        val edges = Edges()
        show("nested $how") { runBlocking(Dispatchers.Default) { edges.outer("n-$how", how) } + " " + edges.runs }
    }
    Edges().let { show("a blocking call around") { it.plainAround("around") + " " + it.runs } }
    show("in the middle of another") {
        val edges = Edges()
        runBlocking(Dispatchers.Unconfined) {
            val gate = CompletableDeferred<Unit>()
            edges.next = gate
            val second = async(start = CoroutineStart.UNDISPATCHED) {
                gate.await()
                edges.resumesAnother("same")
            }
            "" + edges.resumesAnother("same") + second.await() + " " + edges.runs
        }
    }
    show("side by side") {
        val edges = Edges()
        runBlocking {
            val calls = List(100) { async { edges.inner("same") } }
            "" + calls.map { it.await() }.toSet() + edges.runs
        }
    }
    show("checked") { runBlocking { Edges().throwsChecked("c") } }
    show("checked at once") { runBlocking { Edges().throwsCheckedAtOnce("c2") } }
    show("checked in a flow") { runBlocking { Edges().failingFlow("c3").toList() } }
    show("first of a flow, then all, then stored") {
        val edges = Edges()
        runBlocking { listOf(edges.items("f").first(), edges.items("f").toList(), edges.items("f").toList(), edges.runs) }
    }
    show("a flow in a flow") {
        runBlocking { flow { Edges().items("ff").collect { emit(it) } }.toList() }
    }
    show("shared") { runBlocking { Edges().sharedAsFlow("s").first() } }
    show("state") { Edges().run { state("s").value + state("s").value } }
    show("context") { runBlocking(CoroutineName("mine")) { Edges().name("x") } }
    show("without kotlinx") { withoutKotlinx() }
}

/** Kotlin's own coroutines, without dispatcher and job. */
private fun withoutKotlinx(): String {
    val edges = Edges()
    val ended = List(2) { CompletableFuture<Int>() }
    for (end in ended) {
        suspend { edges.parks("p") }.startCoroutine(Continuation(EmptyCoroutineContext) { result ->
            result.fold(end::complete, end::completeExceptionally)
        })
    }
    val parked = edges.parked.get()
    val before = ended.map { it.isDone }
    parked.resume(Unit)
    return "$before ${ended.map { it.get() }} ${edges.runs}"
}
