package io.idempotenttrace.core.store.redis;

import java.util.Arrays;
import java.util.List;

/**
 * Whether a reply has the parts that its script answers, each of its kind. A reply that has not, though it names the call, comes from
 * something between that is no Redis, or from a script that somebody has put in the place of ours: it is treated as the reply to another
 * command, and never read.
 */
final class ReplyShape {

    /** See {@link RedisIdempotencyStore}: how the reply to a claim begins that holds its record now. */
    private static final byte[] GRANTED = Wtf8.encode(RedisIdempotencyStore.GRANTED);

    private ReplyShape() {}

    /** @param arguments how many the call gave */
    static boolean isOf(LuaScript script, int arguments, List<Object> reply) {
        return switch (script) {
            case CLAIM -> isOfClaim(reply);
            case COMPLETE ->
                isOfUpdates(reply, reply.size() - 1)
                        && (reply.size() == 1 || isOfCompletions(reply, arguments / (reply.size() - 1)));
            case FAIL -> isOfStep("fail", reply);
            case RENEW -> isOfStep("renew", reply);
            case DELETE -> reply.size() == 2 && reply.get(0) instanceof Long;
            case STATUS -> reply.size() == 3 && reply.get(0) instanceof Long && isTexts(reply.get(1));
            case RELEASE ->
                reply.size() == 2 && reply.get(0) instanceof byte[] release && isRelease(Wtf8.decode(release));
        };
    }

    private static boolean isRelease(String text) {
        return switch (text) {
            case "applied", "gone", "free", "completed", "refused" -> true;
            default -> false;
        };
    }

    private static boolean isOfClaim(List<Object> reply) {
        if (reply.size() == 1) {
            byte[] granted = (byte[]) reply.get(0);
            return granted.length >= GRANTED.length
                    && Arrays.equals(granted, 0, GRANTED.length, GRANTED, 0, GRANTED.length);
        }
        if (reply.size() < 6
                || !(reply.get(1) instanceof byte[])
                || !(reply.get(2) instanceof byte[])
                || !(reply.get(3) instanceof byte[] kind)) {
            return false;
        }
        Object detail = reply.get(4);
        return switch (Wtf8.decode(kind)) {
            case "completed" -> detail == null || detail instanceof byte[];
            case "conflict" -> detail instanceof byte[] && reply.get(5) instanceof byte[];
            case "newer" -> detail instanceof byte[] && reply.get(5) instanceof Long;
            case "in-progress" ->
                detail instanceof byte[]
                        && reply.get(5) instanceof Long
                        && reply.size() > 7
                        && reply.get(6) instanceof byte[]
                        && reply.get(7) instanceof byte[];
            default -> false;
        };
    }

    private static boolean isOfUpdates(List<Object> reply, int count) {
        for (int i = 0; i < count; i++) {
            if (!(reply.get(i) instanceof byte[] update) || !isUpdate(Wtf8.decode(update))) {
                return false;
            }
        }
        return true;
    }

    /**
     * The script answers with the owner alone where all is applied, and with the word for a record that is gone only to a completion that was
     * to write it whole.
     *
     * @param arguments how many there were for each of the completions, if the reply is theirs
     */
    private static boolean isOfCompletions(List<Object> reply, int arguments) {
        boolean whole = arguments > ScriptArguments.OF_COMPLETION && arguments <= ScriptArguments.OF_WHOLE_COMPLETION;
        boolean allApplied = true;
        for (int i = 0; i < reply.size() - 1; i++) {
            String update = Wtf8.decode((byte[]) reply.get(i));
            if (update.equals("gone") && !whole) {
                return false;
            }
            allApplied &= update.equals("applied");
        }
        return !allApplied;
    }

    /**
     * The reply names its script: on a connection whose replies are out of step, that to a renewal would else be taken for that to the
     * completion of the same owner.
     */
    private static boolean isOfStep(String name, List<Object> reply) {
        return reply.size() == 3
                && isOfUpdates(reply, 1)
                && !isText("absent", reply.get(0))
                && isText(name, reply.get(1));
    }

    private static boolean isText(String expected, Object part) {
        return part instanceof byte[] text && Wtf8.decode(text).equals(expected);
    }

    private static boolean isUpdate(String text) {
        return switch (text) {
            case "applied", "absent", "gone", "refused" -> true;
            default -> false;
        };
    }

    /** Fields and values in turn. */
    private static boolean isTexts(Object fieldsAndValues) {
        if (!(fieldsAndValues instanceof List<?> texts)) {
            return false;
        }
        for (Object text : texts) {
            if (!(text instanceof byte[])) {
                return false;
            }
        }
        return true;
    }
}
