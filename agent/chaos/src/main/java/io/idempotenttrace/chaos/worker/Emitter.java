package io.idempotenttrace.chaos.worker;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.TraceId;
import java.util.concurrent.TimeUnit;

/** The guarded methods: one for each scope. Their bodies tell on stdout that they ran, which lasts when the worker is killed. */
final class Emitter {

    private final Wire wire;
    private final GuardProbe probe;

    Emitter(Wire wire, GuardProbe probe) {
        this.wire = wire;
        this.probe = probe;
    }

    String emit(String scope, String key, String payload) {
        return switch (scope) {
            case "work" -> work(key, payload);
            case "strict" -> strict(key, payload);
            case "result" -> result(key, payload);
            case "shared" -> shared(key, payload);
            case "patient" -> patient(key, payload);
            default -> throw new IllegalArgumentException("there is no scope '" + scope + "'");
        };
    }

    @IdempotentTrace(scope = "work")
    @TraceId
    private String work(@IdempotencyKey String key, String payload) {
        return body();
    }

    /** Refused while the store can't be asked; returns when the completion is acknowledged. */
    @IdempotentTrace(scope = "strict")
    @TraceId
    private String strict(@IdempotencyKey String key, String payload) {
        return body();
    }

    /** Its duplicates get the stored result. */
    @IdempotentTrace(scope = "result")
    private String result(@IdempotencyKey String key, String payload) {
        return body();
    }

    /** Its keys are those that workers in other languages use. */
    @IdempotentTrace(scope = IdempotentTrace.SHARED)
    @TraceId
    private String shared(@IdempotencyKey String key, String payload) {
        return body();
    }

    /** Its lease is so long that whoever has to wait for its end is stuck. */
    @IdempotentTrace(scope = "patient")
    @TraceId
    private String patient(@IdempotencyKey String key, String payload) {
        return body();
    }

    private String body() {
        CurrentCall call = CurrentCall.get();
        call.ran = true;
        wire.say("B", call.id, probe.isGuarded() ? "guarded" : "unguarded");
        try {
            if (call.bodyMillis > 0) {
                TimeUnit.MILLISECONDS.sleep(call.bodyMillis);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (call.throwing) {
            wire.say("T", call.id, "");
            call.ended = true;
            throw new BodyFailure("the body of " + call.key + " fails as it was told to");
        }
        String value = call.key + "/" + call.id;
        wire.say("D", call.id, value);
        call.ended = true;
        return value;
    }
}
