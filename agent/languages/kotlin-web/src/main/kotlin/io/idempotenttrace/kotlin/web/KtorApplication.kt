package io.idempotenttrace.kotlin.web

import io.idempotenttrace.IdempotencyKey
import io.idempotenttrace.IdempotentTrace
import io.idempotenttrace.TraceConflictException
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.Application
import io.ktor.server.application.install
import io.ktor.server.engine.connector
import io.ktor.server.engine.embeddedServer
import io.ktor.server.http.HttpRequestLifecycle
import io.ktor.server.netty.Netty
import io.ktor.server.request.receiveText
import io.ktor.server.response.respondText
import io.ktor.server.routing.RoutingContext
import io.ktor.server.routing.get
import io.ktor.server.routing.post
import io.ktor.server.routing.routing
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking

class Emitter {

    @IdempotentTrace
    suspend fun emit(@IdempotencyKey key: String, trace: String): String = Work.of(key).run() + " with " + trace

    @IdempotentTrace
    fun spans(@IdempotencyKey key: String, trace: String): Flow<String> = flow {
        emit("spans of $trace: ")
        emit(Work.of(key).run())
    }
}

/** A coroutine for each request, which ends when its client has gone. */
fun Application.traces() {
    install(HttpRequestLifecycle) { cancelCallOnClose = true }
    val emitter = Emitter()
    routing {
        post("/traces") { answer { key, trace -> emitter.emit(key, trace) } }
        post("/spans") { answer { key, trace -> emitter.spans(key, trace).toList().joinToString("") } }
        post("/next/{key}/{what}") {
            work().next(call.parameters["what"]!!)
            call.respondText("")
        }
        post("/open/{key}") {
            work().open()
            call.respondText("")
        }
        get("/seen/{key}") { call.respondText(work().toString()) }
    }
}

private fun RoutingContext.work() = Work.of(call.parameters["key"]!!)

private suspend fun RoutingContext.answer(emit: suspend (String, String) -> String) {
    val key = call.request.headers[Work.KEY_HEADER]!!
    Work.of(key).request {
        try {
            call.respondText(emit(key, call.receiveText()))
        } catch (e: TraceConflictException) {
            call.respondText(e.message!!, status = HttpStatusCode.Conflict)
        }
    }
}

/** One thread accepts, reads, and runs all coroutines: were a call to block it, no other request would be answered. */
fun main() {
    val server = embeddedServer(Netty, configure = {
        connector {
            host = "localhost"
            port = 0
        }
        connectionGroupSize = 1
        workerGroupSize = 1
        callGroupSize = 1
    }, module = Application::traces).start(wait = false)
    println("port " + runBlocking { server.engine.resolvedConnectors().first().port })
    // The engine's threads are daemons.
    Thread.currentThread().join()
}
