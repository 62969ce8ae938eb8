package io.idempotenttrace.core.store.redis;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplyShapeTest {

    private static boolean isReply(LuaScript script, String... parts) {
        List<Object> reply = new ArrayList<>();
        for (String part : parts) {
            reply.add(part.getBytes(StandardCharsets.UTF_8));
        }
        byte[] owner = "owner".getBytes(StandardCharsets.UTF_8);
        return script.isReplyTo(owner, new byte[][] {owner}, reply);
    }

    /** [P33] Found by the simulator: replies were out of step, and the completion that was believed to be written was not. */
    @Test
    void theReplyToARenewalOfTheSameOwnerIsNoneToItsCompletion() {
        assertTrue(isReply(LuaScript.RENEW, "applied", "owner"));
        assertFalse(isReply(LuaScript.COMPLETE, "applied", "owner"));
        assertFalse(isReply(LuaScript.COMPLETE, "applied", "applied", "owner"));
        assertTrue(isReply(LuaScript.COMPLETE, "owner"));
        assertTrue(isReply(LuaScript.COMPLETE, "applied", "gone", "owner"));
        assertTrue(isReply(LuaScript.COMPLETE, "refused", "owner"));
    }
}
