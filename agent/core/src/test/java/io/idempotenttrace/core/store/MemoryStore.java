package io.idempotenttrace.core.store;

import io.idempotenttrace.core.store.memory.InMemoryIdempotencyStore;
import java.util.function.LongSupplier;

/** Makes in-memory stores for tests that come nowhere near their limit of bytes. */
public final class MemoryStore {

    private MemoryStore() {}

    /** @param nanoClock as {@link System#nanoTime()} */
    public static InMemoryIdempotencyStore of(int maxRecords, LongSupplier nanoClock) {
        return new InMemoryIdempotencyStore(maxRecords, Long.MAX_VALUE / 2, 1, warning -> {}, nanoClock);
    }
}
