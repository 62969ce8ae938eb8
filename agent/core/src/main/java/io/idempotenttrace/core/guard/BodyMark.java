package io.idempotenttrace.core.guard;

import io.idempotenttrace.core.store.RecordId;
import org.jspecify.annotations.Nullable;

/** Marks a thread for a body whose claim is made elsewhere: later, as for a publisher, or on another thread, as for a coroutine. */
public final class BodyMark implements ThreadBody {

    private final RecordId id;
    private final boolean ofCoroutine;
    private @Nullable ThreadBody outer;

    BodyMark(RecordId id, boolean ofCoroutine) {
        this.id = id;
        this.ofCoroutine = ofCoroutine;
    }

    @Override
    public RecordId id() {
        return id;
    }

    @Override
    public boolean keepsItsThread() {
        return !ofCoroutine;
    }

    @Override
    public @Nullable ThreadBody outer() {
        return outer;
    }

    @Override
    public void outer(@Nullable ThreadBody body) {
        outer = body;
    }
}
