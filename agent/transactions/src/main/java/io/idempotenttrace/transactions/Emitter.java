package io.idempotenttrace.transactions;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.Unhashed;
import java.util.concurrent.CompletableFuture;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** The guarded methods. Spring's proxy begins and ends the transactions around them; the agent guards their bodies inside of it. */
public class Emitter {

    private final Spans spans;
    private int bodies;

    Emitter(Spans spans) {
        this.spans = spans;
    }

    private String insert(String key) {
        spans.insert(key);
        return "body-" + ++bodies;
    }

    int bodies() {
        return bodies;
    }

    @Transactional
    @IdempotentTrace(scope = "emit")
    public String transactional(@IdempotencyKey String key) {
        return insert(key);
    }

    @IdempotentTrace(scope = "emit")
    public String plain(@IdempotencyKey String key, String payload) {
        return insert(key);
    }

    @Transactional(propagation = Propagation.REQUIRES_NEW)
    @IdempotentTrace(scope = "emit")
    public String requiresNew(@IdempotencyKey String key) {
        return insert(key);
    }

    @Transactional(propagation = Propagation.NESTED)
    @IdempotentTrace(scope = "emit")
    public String nested(@IdempotencyKey String key, @Unhashed boolean fails) {
        String returned = insert(key);
        if (fails) {
            throw new IllegalStateException("body failed");
        }
        return returned;
    }

    @Transactional(readOnly = true)
    @IdempotentTrace(scope = "emit")
    public String readOnly(@IdempotencyKey String key) {
        return "body-" + ++bodies + " of " + spans.count(key);
    }

    @IdempotentTrace(scope = "emit")
    public CompletableFuture<String> future(@IdempotencyKey String key, @Unhashed CompletableFuture<String> end) {
        insert(key);
        return end;
    }

    /** Of a scope with {@code transactional=ignore}. */
    @Transactional
    @IdempotentTrace(scope = "ignoring")
    public String ignoring(@IdempotencyKey String key) {
        return insert(key);
    }
}
