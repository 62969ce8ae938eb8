package io.idempotenttrace.dist.injection;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.OnDuplicate;
import io.idempotenttrace.TenantId;
import io.idempotenttrace.TraceId;
import io.idempotenttrace.Unhashed;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Guarded methods of each kind and policy. A body tells by its value alone what it was called with. */
public final class GuardedEmitter implements Emitter {

    @Override
    @IdempotentTrace(scope = "value")
    public String value(@IdempotencyKey String key, String payload) {
        return "value of " + payload;
    }

    @Override
    @IdempotentTrace(scope = "nothing", exclude = "/no")
    public void nothing(@IdempotencyKey String key, @TraceId String payload) {}

    @Override
    @TraceId
    @IdempotentTrace(scope = "traced")
    public String traced(@TenantId String key) {
        return "trace of it";
    }

    @Override
    @IdempotentTrace(scope = "primitive", ttl = "1h", lease = "400ms")
    public long primitive(@IdempotencyKey String key, int payload) {
        return payload * 2L;
    }

    @Override
    @IdempotentTrace(scope = "refusing", onDuplicate = OnDuplicate.THROW)
    public String refusing(@IdempotencyKey String key) {
        return "refusing";
    }

    @Override
    @IdempotentTrace(scope = "failing")
    public String failing(@IdempotencyKey String key) throws IOException {
        throw new IOException("the application's own");
    }

    @Override
    @IdempotentTrace(scope = "final", replayFailures = IllegalArgumentException.class)
    public String failingForGood(@IdempotencyKey String key) {
        throw new IllegalArgumentException("the application's own");
    }

    @Override
    @IdempotentTrace(scope = "outer")
    public String outer(@IdempotencyKey String key) {
        return again(key) + combine(List.of(key), Map.of("k", 1.5));
    }

    @IdempotentTrace(scope = "outer")
    private String again(@IdempotencyKey String key) {
        return "again ";
    }

    @IdempotentTrace(scope = "inner")
    private static String combine(List<String> keys, Map<String, Double> ratios) {
        return "combined";
    }

    @Override
    @IdempotentTrace(scope = "slow")
    public String slow(@IdempotencyKey String key, @Unhashed Runnable inBody) {
        inBody.run();
        return "slow";
    }
}
