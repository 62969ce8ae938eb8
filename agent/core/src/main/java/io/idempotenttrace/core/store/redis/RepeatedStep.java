package io.idempotenttrace.core.store.redis;

import io.idempotenttrace.core.store.Update;
import java.util.List;

/** A script's call that was answered, to be made again: it answers the same, and writes again. One that renews, or completes. */
record RepeatedStep(LuaScript script, byte[][] keys, byte[][] arguments, long mostResultBytes) {

    /** Whether that is the reply of a step that was made and wrote. */
    boolean isMade(List<Object> reply) {
        return script.isReplyTo(keys[0], arguments, reply) && RedisIdempotencyStore.update(reply, 0) == Update.APPLIED;
    }
}
