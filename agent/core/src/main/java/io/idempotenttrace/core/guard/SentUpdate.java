package io.idempotenttrace.core.guard;

import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.Completion;
import io.idempotenttrace.core.store.PendingCompletion;
import java.util.Objects;

/** An update that is sent to the store. */
abstract class SentUpdate implements PendingCompletion {

    final PendingUpdate update;

    SentUpdate(PendingUpdate update) {
        this.update = update;
    }

    @Override
    public Claim claim() {
        return update.claim();
    }

    @Override
    public Completion completion() {
        return Objects.requireNonNull(update.completion(), "only completions are sent together");
    }
}
