/**
 * The agent's own code in a world that a seed decides: time is a number, one thread runs at a time, and network and Redis are made of
 * events. The guard, the store's calls, its waits and its cache, the breaker, pending updates and the renewal of leases are those of
 * production, on a {@link io.idempotenttrace.core.background.Platform} of this package; so are the scripts, which a Lua interpreter runs.
 */
package io.idempotenttrace.chaos.simulation;
