package io.idempotenttrace.core.store.redis;

import io.idempotenttrace.core.background.Platform;
import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.ClaimResult;
import io.idempotenttrace.core.store.RefusedStepException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Waits, by WAIT, until replicas have a granted claim. It narrows the window in which a failover forgets the claim, and does not
 * close it: a replica that did not acknowledge may be promoted, and WAIT makes Redis no consistent store.
 */
final class ReplicaAcknowledgement {

    private final Platform platform;
    private final int replicas;
    private final long timeoutMillis;
    private final long commandTimeoutMillis;

    private ReplicaAcknowledgement(Platform platform, int replicas, long timeoutMillis, long commandTimeoutMillis) {
        this.platform = platform;
        this.replicas = replicas;
        this.timeoutMillis = timeoutMillis;
        this.commandTimeoutMillis = commandTimeoutMillis;
    }

    /** Null where none is asked for. */
    static @Nullable ReplicaAcknowledgement of(RedisStoreSettings settings, Platform platform) {
        int replicas = settings.waitReplicas();
        return replicas == 0
                ? null
                : new ReplicaAcknowledgement(
                        platform, replicas, settings.waitReplicasTimeoutMillis(), settings.commandTimeoutMillis());
    }

    /** The claim's result once enough replicas have it; fails with RefusedStepException if they are fewer in time. */
    CompletableFuture<ClaimResult> await(ScriptCall granted, Claim claim, ClaimResult result) {
        CompletableFuture<Long> answer = granted.commands().waitForReplicas(replicas, timeoutMillis);
        return platform.within(TimeUnit.MILLISECONDS.toNanos(timeoutMillis + commandTimeoutMillis), answer)
                .handle((acknowledged, failure) -> {
                    if (acknowledged != null && acknowledged >= replicas) {
                        return result;
                    }
                    throw new RefusedStepException(
                            "the claim was acknowledged by " + (acknowledged == null ? "no" : acknowledged) + " of "
                                    + replicas + " replicas within " + timeoutMillis
                                    + " ms (wait-replicas, wait-replicas-timeout)",
                            claim.id().tenant(),
                            claim.id().key(),
                            null,
                            failure);
                });
    }
}
