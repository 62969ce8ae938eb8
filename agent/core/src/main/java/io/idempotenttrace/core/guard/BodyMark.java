package io.idempotenttrace.core.guard;

import io.idempotenttrace.core.store.RecordId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Marks a thread for a body whose claim is made elsewhere: later, as for a publisher, or on another thread, as for a coroutine. */
public final class BodyMark implements ThreadBody {

    private final RecordId id;
    private final boolean ofCoroutine;
    /** The call whose body it is; null where each subscriber makes a call of its own later. */
    private final @Nullable RunningCall call;

    private @Nullable ThreadBody outer;

    BodyMark(RecordId id, boolean ofCoroutine, @Nullable RunningCall call) {
        this.id = id;
        this.ofCoroutine = ofCoroutine;
        this.call = call;
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

    @Override
    public void uses(UsedTransaction transaction) {
        if (call != null) {
            call.uses(transaction);
        }
    }

    @Override
    public List<UsedTransaction> openTransactions() {
        return call == null ? List.of() : call.openTransactions();
    }
}
