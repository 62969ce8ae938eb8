package io.idempotenttrace.transactions;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import org.springframework.transaction.support.TransactionTemplate;

/** Guards a method whose transaction begins and ends inside of its body: when it returns, the commit has ended. */
class OuterGuard {

    private final TransactionTemplate transaction;
    private final Spans spans;

    OuterGuard(TransactionTemplate transaction, Spans spans) {
        this.transaction = transaction;
        this.spans = spans;
    }

    @IdempotentTrace(scope = "outer")
    String emit(@IdempotencyKey String key) {
        transaction.executeWithoutResult(status -> spans.insert(key));
        return "emitted";
    }
}
