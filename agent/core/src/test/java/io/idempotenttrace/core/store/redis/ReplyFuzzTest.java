package io.idempotenttrace.core.store.redis;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.core.store.Claim;
import io.idempotenttrace.core.store.Claims;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.testkit.FuzzInput;
import io.idempotenttrace.testkit.Fuzzing;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Replies of every wrong shape that name the right call: what counts as a reply to it can be read. */
class ReplyFuzzTest {

    private static final String[] WORDS = {
        "new ",
        "duplicate",
        "in-progress",
        "conflict",
        "completed",
        "newer",
        "applied",
        "absent",
        "gone",
        "refused",
        "",
        " 30000 1 2    owner",
        "1 2 3 4 5 p x",
        "enc:k1:AAAA",
        "!enc:k1:AAAA",
        "!java.lang.Error: x",
        "python+hmac:k1",
        "99999999999999999999"
    };

    private static final Claim CLAIM = Claims.forAMinute(new RecordId("tenant", "scope", "key"));

    private static Object part(FuzzInput input, int depth) {
        return switch (input.below(depth > 3 ? 5 : 7)) {
            case 0 -> Wtf8.encode(WORDS[input.below(WORDS.length)]);
            case 1 -> input.bytes();
            case 2 -> input.oddNumber();
            case 3 -> null;
            case 4 -> input.flag() ? (Object) 1.5 : Boolean.TRUE;
            default -> list(input, depth + 1);
        };
    }

    private static List<Object> list(FuzzInput input, int depth) {
        List<Object> parts = new ArrayList<>();
        for (int left = input.below(12); left > 0; left--) {
            parts.add(part(input, depth));
        }
        return parts;
    }

    @Test
    void whatCountsAsAReplyCanBeRead() {
        Fuzzing.run("replies", List.of(), ReplyFuzzTest::readReply);
    }

    private static void readReply(byte[] data) {
        FuzzInput input = new FuzzInput(data);
        LuaScript script = LuaScript.values()[input.below(LuaScript.values().length)];
        byte[] key = Wtf8.encode("idem:tenant%:scope:key");
        byte[][] arguments = script == LuaScript.CLAIM
                ? ScriptArguments.ofClaim(CLAIM, new byte[0], "")
                : new byte[][] {Wtf8.encode(CLAIM.owner()), Wtf8.encode(CLAIM.owner())};
        List<Object> reply = list(input, 0);
        if (input.flag()) {
            boolean keyed = script == LuaScript.DELETE || script == LuaScript.STATUS;
            reply.add(
                    keyed
                            ? key
                            : Wtf8.encode(
                                    (input.flag() ? WORDS[input.below(WORDS.length)] + ' ' : "") + CLAIM.owner()));
        }
        if (script.isReplyTo(key, arguments, reply)) {
            read(script, reply);
        }
    }

    private static void read(LuaScript script, List<Object> reply) {
        switch (script) {
            case CLAIM -> RedisIdempotencyStore.claimResult(CLAIM, reply, stored -> stored);
            case COMPLETE -> {
                for (int i = 0; i < Math.max(1, reply.size() - 1); i++) {
                    if (!RedisIdempotencyStore.isAbsent(reply, i)) {
                        RedisIdempotencyStore.update(reply, i);
                    }
                }
            }
            case FAIL, RENEW -> RedisIdempotencyStore.update(reply, 0);
            case DELETE -> assertTrue((Long) reply.get(0) >= Long.MIN_VALUE);
            case STATUS -> RedisIdempotencyStore.fields((List<?>) reply.get(1));
            default -> {
                // A command for people, which prints what it gets.
            }
        }
    }
}
