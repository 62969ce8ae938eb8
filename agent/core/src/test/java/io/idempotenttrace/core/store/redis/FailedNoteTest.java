package io.idempotenttrace.core.store.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.testkit.RedisCluster;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FailedNoteTest {

    private static String noteOf(String tenant, String key) {
        return FailedNote.nameOf("idem", new RecordId(tenant, null, key).redisKey());
    }

    @Test
    void isNamedByTheRuleThatOtherClientsFollow() {
        assertEquals("idem:%failed:{idem:t:k}", noteOf("t", "k"));
        assertEquals("idem:%failed:{idem:t:k{}", noteOf("t", "k{"));
        assertEquals("idem:%failed:idem:t:{user}:1", noteOf("t", "{user}:1"));
        assertEquals("idem:%failed:idem:{t}:1", noteOf("{t}", "1"));
        assertEquals("idem:%failed:idem:t:}{x}", noteOf("t", "}{x}"));
        assertTrue(noteOf("t", "k}").matches("idem:%failed:\\{\\d+}:idem:t:k}"), noteOf("t", "k}"));
        assertTrue(noteOf("t", "{}k").matches("idem:%failed:\\{\\d+}:idem:t:\\{}k"), noteOf("t", "{}k"));
    }

    /** The number in the braces is the smallest: another client finds it by trying. */
    @Test
    void theNumberInTheBracesIsTheSmallestOfTheSlot() {
        String note = noteOf("t", "k}");
        int number = Integer.parseInt(note.substring(note.indexOf('{') + 1, note.indexOf('}')));
        int slot = RedisCluster.slot("idem:t:k}");
        for (int smaller = 0; smaller < number; smaller++) {
            assertTrue(RedisCluster.slot(Integer.toString(smaller)) != slot, "smaller: " + smaller);
        }
        assertEquals(slot, RedisCluster.slot(Integer.toString(number)));
    }

    @Test
    void hasTheSlotOfItsRecordAndANameOfItsOwn() {
        Random random = new Random(23);
        String characters = "{{}}ab:%\u00e9";
        Map<String, String> recordOfNote = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            StringBuilder key = new StringBuilder();
            for (int length = 1 + random.nextInt(7); length > 0; length--) {
                key.append(characters.charAt(random.nextInt(characters.length())));
            }
            String record = new RecordId(random.nextBoolean() ? "t" : "{t", null, key.toString()).redisKey();
            String note = FailedNote.nameOf("idem", record);
            assertEquals(RedisCluster.slot(record), RedisCluster.slot(note), record);
            assertNull(RecordId.ofRedisKey("idem", note), record);
            String other = recordOfNote.put(note, record);
            assertTrue(other == null || other.equals(record), () -> record + " and " + other + " share " + note);
        }
    }

    @Test
    void noRecordHasSuchAName() {
        assertEquals("idem:%25failed:k", new RecordId("%failed", null, "k").redisKey());
        assertEquals(new RecordId("%failed", null, "k"), RecordId.ofRedisKey("idem", "idem:%25failed:k"));
    }
}
