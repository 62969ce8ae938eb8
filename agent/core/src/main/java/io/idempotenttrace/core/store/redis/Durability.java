package io.idempotenttrace.core.store.redis;

/**
 * Who has to have a claim besides the memory of the primary before it counts.
 *
 * @param replicas how many replicas; 0 for none
 * @param disk whether the primary's own disk has to have it, and the replicas have to have it on theirs; completions then count so, too
 * @param timeoutMillis how long a step waits for those; above 0 where one is asked for
 */
public record Durability(int replicas, boolean disk, long timeoutMillis) {

    /** The memory of the primary is enough. */
    public static final Durability NONE = new Durability(0, false, 0);

    boolean isAsked() {
        return replicas > 0 || disk;
    }

    /** The settings that ask for it, for messages. */
    String settings() {
        if (!disk) {
            return "wait-replicas, wait-replicas-timeout";
        }
        return replicas == 0 ? "wait-disk, wait-disk-timeout" : "wait-disk, wait-replicas, wait-disk-timeout";
    }

    /** What is missing, for people. */
    String missing(boolean onDisk, long acknowledged) {
        String of = acknowledged + " of " + replicas + " replicas within " + timeoutMillis + " ms (" + settings() + ")";
        if (!disk) {
            return "was acknowledged by " + of;
        }
        String local = onDisk ? "is on the primary's disk" : "is not known to be on the primary's disk";
        return replicas == 0
                ? local + " within " + timeoutMillis + " ms (" + settings() + ")"
                : local + ", and on those of " + of;
    }
}
