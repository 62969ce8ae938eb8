package io.idempotenttrace.chaos.run;

import io.idempotenttrace.chaos.mutants.Mutant;
import io.idempotenttrace.testkit.RedisBinary;
import java.nio.file.Path;
import java.util.List;

/**
 * What a run is asked for.
 *
 * @param mutant the planted bug; null for none
 * @param policy what calls get that the store can't answer for: proceed or throw
 * @param appendfsync always or everysec; no: the server keeps nothing on disk
 * @param phases those to run, in this order; empty for all
 */
record RunSettings(
        ServerKind server,
        double minutes,
        long seed,
        Mutant mutant,
        Path agent,
        RedisBinary binary,
        String appendfsync,
        String policy,
        int workers,
        Path history,
        Path report,
        List<String> phases) {

    static final long LEASE_MILLIS = 5_000;
    /** A body that needs its lease renewed. */
    static final long LONG_BODY_MILLIS = 7_000;

    /** How records are told from those of other runs. */
    String tenant() {
        return "chaos-" + seed;
    }

    boolean isDurable() {
        return !appendfsync.equals("no");
    }

    /** Configuration of each server. */
    List<String> serverConfiguration() {
        return isDurable() ? List.of("--appendonly", "yes", "--appendfsync", appendfsync) : List.of();
    }
}
