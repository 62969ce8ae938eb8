package io.idempotenttrace.async.webflux;

import io.idempotenttrace.TraceConflictException;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Takes traces by HTTP; a redelivered request has the same idempotency key. */
@SpringBootApplication
public class WebFluxApplication {

    @RestController
    static class Traces {

        private final TraceEmitter emitter;

        Traces(TraceEmitter emitter) {
            this.emitter = emitter;
        }

        @PostMapping("/traces")
        Mono<String> emit(@RequestHeader("Idempotency-Key") String key, @RequestBody Map<String, Object> trace) {
            return emitter.emit(key, trace).contextWrite(context -> context.put("caller", "web"));
        }

        @PostMapping("/spans")
        Flux<String> spans(@RequestHeader("Idempotency-Key") String key, @RequestBody Map<String, Object> trace) {
            return emitter.spans(key, trace);
        }

        @GetMapping("/emitted")
        Mono<Integer> emitted() {
            return Mono.just(emitter.emitted());
        }

        @ExceptionHandler
        @ResponseStatus(HttpStatus.CONFLICT)
        Mono<String> conflict(TraceConflictException conflict) {
            return Mono.just(conflict.getMessage());
        }
    }

    public static void main(String[] arguments) {
        ReactiveWebServerApplicationContext context =
                (ReactiveWebServerApplicationContext) SpringApplication.run(WebFluxApplication.class, arguments);
        System.out.println("port " + context.getWebServer().getPort());
    }
}
