package io.idempotenttrace.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class RecordIdTest {

    private static final RecordId SHARED = new RecordId("a:b%", null, "k:1");
    private static final RecordId SCOPED = new RecordId("a:b%", "s:%", "k:1");

    @Test
    void itsNameInRedisTellsTenantScopeAndKeyApart() {
        assertEquals("idem:a%3Ab%25:k:1", SHARED.redisKey());
        assertEquals("idem:a%3Ab%25%:s%3A%25:k:1", SCOPED.redisKey());
        assertEquals("other:a%3Ab%25%:s%3A%25:k:1", SCOPED.redisKey("other"));
        assertEquals("a%3Ab%25:k:1", SHARED.name());
        assertEquals("a%3Ab%25%:s%3A%25:k:1", SCOPED.name());
    }

    @Test
    void itIsReadFromItsNameInRedis() {
        for (RecordId id : List.of(SHARED, SCOPED, new RecordId("t", "", "k"), new RecordId("t", null, "k"))) {
            assertEquals(id, RecordId.ofRedisKey("idem", id.redisKey()));
            assertEquals(id, RecordId.ofRedisKey("p", id.redisKey("p")));
        }
    }

    @Test
    void whatNamesNoRecordIsNone() {
        for (String name : List.of(
                "",
                "ide",
                "idem",
                "idem:",
                "idem::",
                "idem::k",
                "idem:t",
                "idem:t:",
                "idem-t:k",
                "other:t:k",
                "idem:%failed:t:k",
                "idem:t%:",
                "idem:t%:s",
                "idem:t%:s:",
                "idem:%:s:k")) {
            assertNull(RecordId.ofRedisKey("idem", name), name);
        }
    }

    @Test
    void aRecordNeedsTenantAndKeyAndTheRefusalNamesWhichIsMissing() {
        assertEquals("the tenant is empty; a record needs both", refusal("", "k"));
        assertEquals("the key is empty; a record needs both", refusal("t", ""));
    }

    private static String refusal(String tenant, String key) {
        return assertThrows(IllegalArgumentException.class, () -> new RecordId(tenant, null, key))
                .getMessage();
    }

    @Test
    void peopleAreToldTheScopeWhereThereIsOne() {
        assertEquals("key 'k' of tenant 't'", new RecordId("t", null, "k").forPeople());
        assertEquals("key 'k' of tenant 't' in scope 's'", new RecordId("t", "s", "k").forPeople());
    }

    /** The in-memory store's table lives by it. */
    @Test
    void namesThatSwapTheirPartsHashApart() {
        assertNotEquals(new RecordId("a", "b", "c").hashCode(), new RecordId("b", "a", "c").hashCode());
        assertNotEquals(new RecordId("a", "b", "c").hashCode(), new RecordId("c", "b", "a").hashCode());
        assertNotEquals(new RecordId("a", "b", "c").hashCode(), new RecordId("a", null, "c").hashCode());
    }
}
