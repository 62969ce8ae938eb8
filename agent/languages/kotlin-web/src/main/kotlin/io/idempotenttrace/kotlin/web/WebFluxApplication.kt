package io.idempotenttrace.kotlin.web

import io.idempotenttrace.IdempotencyKey
import io.idempotenttrace.IdempotentTrace
import io.idempotenttrace.TraceConflictException
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import org.springframework.boot.autoconfigure.SpringBootApplication
import org.springframework.boot.runApplication
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext
import org.springframework.http.HttpStatus
import org.springframework.stereotype.Component
import org.springframework.web.bind.annotation.ExceptionHandler
import org.springframework.web.bind.annotation.GetMapping
import org.springframework.web.bind.annotation.PathVariable
import org.springframework.web.bind.annotation.PostMapping
import org.springframework.web.bind.annotation.RequestBody
import org.springframework.web.bind.annotation.RequestHeader
import org.springframework.web.bind.annotation.ResponseStatus
import org.springframework.web.bind.annotation.RestController
import org.springframework.web.server.CoWebFilter
import org.springframework.web.server.CoWebFilterChain
import org.springframework.web.server.ServerWebExchange

@SpringBootApplication
class WebFluxApplication

/** The functions that Spring calls are themselves the guarded ones. */
@RestController
class Traces {

    @PostMapping("/traces")
    @IdempotentTrace
    suspend fun emit(@RequestHeader(Work.KEY_HEADER) @IdempotencyKey key: String, @RequestBody trace: Map<String, Any>): String =
        Work.of(key).run() + " with " + trace

    @PostMapping("/spans")
    @IdempotentTrace
    fun spans(@RequestHeader(Work.KEY_HEADER) @IdempotencyKey key: String, @RequestBody trace: Map<String, Any>): Flow<String> = flow {
        emit("spans of $trace: ")
        emit(Work.of(key).run())
    }

    @ExceptionHandler
    @ResponseStatus(HttpStatus.CONFLICT)
    fun conflict(conflict: TraceConflictException): String = conflict.message!!
}

@RestController
class Works {

    @PostMapping("/next/{key}/{what}")
    fun next(@PathVariable key: String, @PathVariable what: String) = Work.of(key).next(what)

    @PostMapping("/open/{key}")
    fun open(@PathVariable key: String) = Work.of(key).open()

    @GetMapping("/seen/{key}")
    fun seen(@PathVariable key: String) = Work.of(key).toString()
}

@Component
class Requests : CoWebFilter() {

    override suspend fun filter(exchange: ServerWebExchange, chain: CoWebFilterChain) {
        val key = exchange.request.headers.getFirst(Work.KEY_HEADER)
        if (key == null) {
            chain.filter(exchange)
        } else {
            Work.of(key).request { chain.filter(exchange) }
        }
    }
}

fun main(arguments: Array<String>) {
    val context = runApplication<WebFluxApplication>(*arguments) as ReactiveWebServerApplicationContext
    println("port " + context.webServer!!.port)
}
