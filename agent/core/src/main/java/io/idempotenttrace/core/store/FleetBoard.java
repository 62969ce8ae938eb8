package io.idempotenttrace.core.store;

import io.idempotenttrace.IdempotencyStoreException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the people who operate a fleet leave in the store for all its processes, beside the records. A process looks at it from time to time.
 * Methods block, and throw {@link IdempotencyStoreException} if the store can't answer.
 */
public interface FleetBoard {

    /**
     * The modes that are asked for.
     *
     * @return by scope, as settings name it, the empty text for all scopes; null while there is no connection to ask by. The first one is for others to
     *         open; one that is lost or does not answer is replaced, aside
     */
    @Nullable
    Map<String, FleetMode> modes();

    /** Whether somebody watches the fleet now; false while there is no connection to ask by. */
    boolean isWatched();

    /** Leaves a line of figures for those who watch, in the place of this process' last one. */
    void tell(String line);

    /** This process, as host and number of the process. */
    String process();

    /** The version of the agent. */
    String version();
}
