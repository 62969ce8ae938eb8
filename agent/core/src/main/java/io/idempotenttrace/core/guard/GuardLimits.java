package io.idempotenttrace.core.guard;

/**
 * How much the guard remembers of its calls, where the store is in another process.
 *
 * @param outageMemoryBytes what completed calls may take that are remembered for the time when the store is away; 0 for none
 * @param pendingBytes what completions and failures may take that could not be written yet; above 0
 */
public record GuardLimits(long outageMemoryBytes, long pendingBytes) {

    /** As the settings are where nobody sets them. */
    public static final GuardLimits DEFAULT = new GuardLimits(16L << 20, 64L << 20);
}
