package io.idempotenttrace.core.store.redis;

import io.idempotenttrace.core.failure.Failures;
import io.idempotenttrace.core.redisclient.RedisFailure;
import io.idempotenttrace.core.redisclient.RedisLink;
import io.idempotenttrace.core.redisclient.ServerCommands;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What goes over the connection in one piece, see {@link DurableSteps}: its number, the steps, the wait for all of them, and its number
 * once more.
 */
final class WaitedGroup {

    private final Durability asked;
    private final List<RepeatedStep> steps;
    private final List<CompletableFuture<List<Object>>> replies = new ArrayList<>();
    private final CompletableFuture<Long> before;
    private final CompletableFuture<List<Long>> waited;
    private final CompletableFuture<Long> behind;

    private WaitedGroup(
            ServerCommands commands, RedisLink link, Durability asked, List<RepeatedStep> steps, boolean whole) {
        this.asked = asked;
        this.steps = steps;
        before = commands.connectionNumber();
        for (RepeatedStep step : steps) {
            int version = link.majorVersion();
            replies.add(
                    whole
                            ? commands.eval(
                                    step.script().text(version, step.mostResultBytes()), step.keys(), step.arguments())
                            : commands.evalsha(
                                    step.script().sha(version, step.mostResultBytes()), step.keys(), step.arguments()));
        }
        waited = asked.disk()
                ? commands.waitForDisk(asked.replicas(), asked.timeoutMillis())
                : commands.waitForReplicas(asked.replicas(), asked.timeoutMillis())
                        .thenApply(acknowledged -> List.of(0L, acknowledged));
        behind = commands.connectionNumber();
    }

    /** @param whole whether the server gets the scripts' texts */
    static WaitedGroup send(
            ServerCommands commands, RedisLink link, Durability asked, List<RepeatedStep> steps, boolean whole) {
        return new WaitedGroup(commands, link, asked, steps, whole);
    }

    /** Completes with true when all of it has ended, however it did. */
    CompletableFuture<Boolean> ended() {
        List<CompletableFuture<?>> all = new ArrayList<>(replies);
        all.addAll(List.of(before, waited, behind));
        return CompletableFuture.allOf(all.toArray(new CompletableFuture<?>[0])).handle((done, failure) -> true);
    }

    /** With what the server has refused to wait, as it would again; null where it has not. */
    @Nullable
    Throwable refusal() {
        Throwable failure = Failures.of(waited);
        return failure != null && RedisFailure.isRefusal(failure) ? failure : null;
    }

    /** What went wrong with the wait; null where nothing did. */
    @Nullable
    Throwable failure() {
        Throwable failure = Failures.of(waited);
        return failure != null ? failure : Failures.of(behind);
    }

    /** Whether the server no longer takes writes of these records. */
    boolean needsAnotherServer() {
        return replies.stream()
                .map(Failures::of)
                .anyMatch(failure -> failure != null && RedisFailure.needsAnotherServer(failure));
    }

    boolean lacksScript() {
        return replies.stream()
                .map(Failures::of)
                .anyMatch(failure -> failure != null && RedisFailure.isUnknownScript(failure));
    }

    /** How the step at that place stands; null where nobody has answered for it. Once all has ended. */
    @Nullable
    Shortfall endOf(int place) {
        Throwable failure = Failures.of(replies.get(place));
        if (failure != null) {
            return RedisFailure.isRefusal(failure)
                    ? new Shortfall("was lost before it was safe: " + RedisFailure.refusal(failure), failure)
                    : null;
        }
        if (!steps.get(place).isMade(replies.get(place).join())) {
            return new Shortfall(
                    "was lost before it was safe: another server answers, or somebody has changed the record ("
                            + asked.settings() + ")",
                    null);
        }
        if (Failures.of(before) != null
                || Failures.of(waited) != null
                || Failures.of(behind) != null
                || before.join() < 0
                || !before.join().equals(behind.join())
                || waited.join().size() != 2) {
            return null;
        }
        boolean onDisk = waited.join().get(0) > 0;
        long acknowledged = waited.join().get(1);
        return acknowledged >= asked.replicas() && (onDisk || !asked.disk())
                ? Shortfall.NONE
                : new Shortfall(asked.missing(onDisk, acknowledged), null);
    }
}
