package io.idempotenttrace.kotlin.coroutines

import io.idempotenttrace.IdempotencyKey
import io.idempotenttrace.IdempotentTrace
import java.io.File
import java.util.concurrent.CompletableFuture
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking

/** Calls whose bodies end when the store is gone: one that was suspended meanwhile, one that was not, and the collection of a flow. */
class StoreLost(private val lost: CompletableFuture<Unit>, private val resumed: CompletableDeferred<Unit>) {

    val running = List(3) { CompletableFuture<Unit>() }

    @IdempotentTrace
    suspend fun suspends(@IdempotencyKey key: String): String {
        running[0].complete(Unit)
        resumed.await()
        return key
    }

    @IdempotentTrace
    suspend fun blocks(@IdempotencyKey key: String): String {
        running[1].complete(Unit)
        lost.join()
        return key
    }

    @IdempotentTrace
    fun items(@IdempotencyKey key: String): Flow<String> = flow {
        running[2].complete(Unit)
        resumed.await()
        emit(key)
    }
}

fun main(arguments: Array<String>) {
    val lost = CompletableFuture<Unit>()
    val resumed = CompletableDeferred<Unit>()
    val calls = StoreLost(lost, resumed)
    val scope = CoroutineScope(Dispatchers.IO)
    val outcomes = mapOf(
        "suspends" to scope.async { runCatching { calls.suspends("s") } },
        "blocks" to scope.async { runCatching { calls.blocks("b") } },
        "items" to scope.async { runCatching { calls.items("i").toList() } },
    )
    calls.running.forEach { it.join() }
    println("begun")
    while (!File(arguments[0]).exists()) {
        Thread.sleep(5)
    }
    lost.complete(Unit)
    resumed.complete(Unit)
    runBlocking {
        outcomes.forEach { (name, outcome) ->
            println(name + " " + outcome.await().fold({ "value $it" }, { it.javaClass.simpleName }))
        }
    }
}
