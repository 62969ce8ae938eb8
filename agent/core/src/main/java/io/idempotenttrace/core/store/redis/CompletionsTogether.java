package io.idempotenttrace.core.store.redis;

import io.idempotenttrace.core.redisclient.RedisFailure;
import io.idempotenttrace.core.redisclient.RedisLink;
import io.idempotenttrace.core.store.PendingCompletion;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Completes several records by one script: most of what a completion costs Redis and the client is the script's call, not its steps.
 * Where one server does not have them all, or one of them can't be completed, each is completed alone. Safe for use by many threads.
 */
final class CompletionsTogether {

    private final ScriptRunner scripts;
    private final StoredResults results;
    private final Consumer<PendingCompletion> alone;
    /** Whether what stands between, say a proxy, wants one key in a script. */
    private volatile boolean refused;

    /** @param alone completes one by a script of its own */
    CompletionsTogether(ScriptRunner scripts, StoredResults results, Consumer<PendingCompletion> alone) {
        this.scripts = scripts;
        this.results = results;
        this.alone = alone;
    }

    void send(List<? extends PendingCompletion> completions) {
        // The script takes as many names for each record, and a shared one has two.
        int shared = 0;
        for (PendingCompletion completion : completions) {
            shared += isShared(completion) ? 1 : 0;
        }
        if (shared == 0 || shared == completions.size()) {
            sendAlike(completions);
            return;
        }
        Map<Boolean, List<PendingCompletion>> byKind =
                completions.stream().collect(Collectors.partitioningBy(CompletionsTogether::isShared));
        byKind.values().forEach(this::sendAlike);
    }

    private static boolean isShared(PendingCompletion completion) {
        return completion.claim().id().scope() == null;
    }

    private void sendAlike(List<? extends PendingCompletion> completions) {
        RedisLink link = scripts.connector().link();
        if (completions.size() == 1 || refused || link == null || link.isCluster()) {
            completions.forEach(alone);
            return;
        }
        byte[][][] keys = new byte[completions.size()][][];
        byte[][][] arguments = new byte[completions.size()][][];
        int each = 0;
        for (int i = 0; i < keys.length; i++) {
            PendingCompletion completion = completions.get(i);
            keys[i] = scripts.names().keysOf(completion.claim().id());
            byte[] result = results.toStore(
                    completion.claim().id(), completion.completion().result());
            arguments[i] = ScriptArguments.ofCompletion(completion.claim(), completion.completion(), result);
            each = Math.max(each, arguments[i].length);
        }
        scripts.startTogether(
                        LuaScript.COMPLETE,
                        completions.get(0).claim().id(),
                        inARow(keys, keys[0].length),
                        inARow(arguments, each),
                        completions.size())
                .withTimeout()
                .whenComplete((reply, failure) -> answered(completions, reply, failure));
    }

    /** The script takes as many names and arguments for each record. */
    private static byte[][] inARow(byte[][][] ofRecords, int each) {
        byte[][] row = new byte[ofRecords.length * each][];
        Arrays.fill(row, ScriptArguments.NOTHING);
        for (int i = 0; i < ofRecords.length; i++) {
            System.arraycopy(ofRecords[i], 0, row, i * each, ofRecords[i].length);
        }
        return row;
    }

    private void answered(
            List<? extends PendingCompletion> completions, List<Object> reply, @Nullable Throwable failure) {
        boolean refusal = false;
        if (failure != null) {
            refusal = RedisFailure.isRefusal(failure);
            refused |= refusal && RedisFailure.wantsOneSlot(failure);
        }
        for (int i = 0; i < completions.size(); i++) {
            PendingCompletion completion = completions.get(i);
            try {
                if (refusal || failure == null && RedisIdempotencyStore.isAbsent(reply, i)) {
                    alone.accept(completion);
                } else {
                    completion.ended(failure == null ? RedisIdempotencyStore.update(reply, i) : null, failure);
                }
            } catch (RuntimeException | Error fault) {
                // One's fault is not the others'.
                completion.ended(null, fault);
            }
        }
    }
}
