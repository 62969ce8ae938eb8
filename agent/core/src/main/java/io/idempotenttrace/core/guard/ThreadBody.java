package io.idempotenttrace.core.guard;

import io.idempotenttrace.core.store.RecordId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A body that runs on a thread now, between {@link Guard#enterBody} and {@link Guard#leaveBody}. Calls that it makes on the same key are
 * a part of it. Used by that thread alone.
 */
public sealed interface ThreadBody permits RunningCall, BodyMark {

    /** The key that the body holds, or will hold. */
    RecordId id();

    /**
     * Whether the body keeps its thread until it returns. A coroutine's does not: a thread may run one of them in the middle of another
     * one's body.
     */
    boolean keepsItsThread();

    /** The body on the same thread that runs this one; null for the outermost. */
    @Nullable
    ThreadBody outer();

    /** Says which body runs this one; null for none. */
    void outer(@Nullable ThreadBody body);

    /** The body works in that transaction. */
    void uses(UsedTransaction transaction);

    /** Those that the body has worked in and that have not ended. */
    List<UsedTransaction> openTransactions();
}
