package io.idempotenttrace.core.store.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReplyShapeTest {

    private static boolean isReply(LuaScript script, String... parts) {
        return isReply(script, /* arguments= */ 5, parts);
    }

    private static boolean isReply(LuaScript script, int arguments, String... parts) {
        List<Object> reply = new ArrayList<>();
        for (String part : parts) {
            reply.add(part.getBytes(StandardCharsets.UTF_8));
        }
        byte[] owner = "owner".getBytes(StandardCharsets.UTF_8);
        byte[][] given = new byte[arguments][0];
        given[0] = owner;
        return script.isReplyTo(owner, given, reply);
    }

    /** [P33] Found by the simulator: replies were out of step, and the completion that was believed to be written was not. */
    @Test
    void theReplyToARenewalOfTheSameOwnerIsNoneToItsCompletion() {
        assertTrue(isReply(LuaScript.RENEW, "applied", "renew", "owner"));
        assertFalse(isReply(LuaScript.COMPLETE, "applied", "owner"));
        assertFalse(isReply(LuaScript.COMPLETE, "applied", "applied", "owner"));
        assertTrue(isReply(LuaScript.COMPLETE, "owner"));
        assertTrue(isReply(LuaScript.COMPLETE, "refused", "owner"));
        assertTrue(isReply(LuaScript.COMPLETE, "absent", "owner"));
        assertTrue(isReply(LuaScript.COMPLETE, /* arguments= */ 10, "applied", "absent", "owner"));
    }

    /** [P33] Found by the simulator, as the one above. */
    @Test
    void thatARecordIsGoneIsNoReplyToACompletionThatWasNotToWriteItWhole() {
        assertTrue(isReply(LuaScript.RENEW, "gone", "renew", "owner"));
        assertFalse(isReply(LuaScript.COMPLETE, "gone", "owner"));
        assertFalse(isReply(LuaScript.COMPLETE, /* arguments= */ 15, "gone", "owner"));
        assertTrue(isReply(LuaScript.COMPLETE, /* arguments= */ 10, "gone", "owner"));
        assertTrue(isReply(LuaScript.COMPLETE, /* arguments= */ 20, "applied", "gone", "owner"));
    }

    /** [P33] Found by the simulator after 230,000 worlds: a renewal was refused, since a newer version held the record by then. */
    @Test
    void theRepliesToStepsOfOneOwnerAreNoneToEachOther() {
        for (String update : List.of("applied", "gone", "refused")) {
            for (LuaScript script : List.of(LuaScript.COMPLETE, LuaScript.FAIL, LuaScript.RENEW, LuaScript.DELETE)) {
                assertEquals(
                        script == LuaScript.RENEW, isReply(script, update, "renew", "owner"), script + " " + update);
                assertEquals(script == LuaScript.FAIL, isReply(script, update, "fail", "owner"), script + " " + update);
            }
        }
        assertFalse(isReply(LuaScript.RENEW, "refused", "owner"));
        assertFalse(isReply(LuaScript.FAIL, "refused", "owner"));
    }

    private static boolean isReplyToTwo(String second, String... parts) {
        byte[] first = Wtf8.encode("owner");
        byte[][] arguments = {first, Wtf8.encode("60"), Wtf8.encode(second), Wtf8.encode("60")};
        return LuaScript.COMPLETE.isReplyTo(
                first, arguments, Stream.of(parts).<Object>map(Wtf8::encode).toList(), 2);
    }

    /** [P33] Found by the model: replies were out of step, and the first of two completions was sent again alone. */
    @Test
    void theReplyToACompletionIsNoneToSeveralThatBeginWithIt() {
        assertTrue(isReplyToTwo("other", "owner other"));
        assertTrue(isReplyToTwo("other", "absent", "applied", "owner other"));
        assertFalse(isReplyToTwo("other", "owner"));
        assertFalse(isReplyToTwo("other", "refused", "owner"));
        assertFalse(isReplyToTwo("other", "owner third"));
        assertFalse(isReplyToTwo("other", "applied", "absent", "owner third"));
        assertFalse(isReply(LuaScript.COMPLETE, "owner other"));
        assertFalse(isReply(LuaScript.COMPLETE, "absent", "applied", "owner other"));
    }
}
