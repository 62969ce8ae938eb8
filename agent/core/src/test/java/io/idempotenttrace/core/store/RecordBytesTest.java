package io.idempotenttrace.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class RecordBytesTest {

    private static final RecordId ID = new RecordId("tenant", "scope", "key");
    private static final int OF_ID = 6 + 5 + 3;

    private static long claim(String hash, String traceId, String digests) {
        return RecordBytes.of(Claims.of(ID, hash, "python", traceId, "owner", 1000, 1000, 1000, digests));
    }

    /** Two bytes for each character, and some for the objects. */
    @Test
    void eachTextOfARecordIsWeighed() {
        assertEquals(256 + 2 * OF_ID, RecordBytes.of(ID));
        assertEquals(256 + 2 * 9, RecordBytes.of(new RecordId("tenant", null, "key")));
        assertEquals(256 + 2 * (OF_ID + 64), claim("a".repeat(64), "", ""));
        assertEquals(256 + 2 * (OF_ID + 64 + 5 + 70), claim("a".repeat(64), "trace", "d".repeat(70)));
        assertEquals(0, RecordBytes.of(Completion.EMPTY));
        assertEquals(2 * (5 + 4 + 64), RecordBytes.of(new Completion("trace", "1234", "b".repeat(64))));
    }

    @Test
    void aTextThatIsNotThereWeighsNothing() {
        assertEquals(0, RecordBytes.of((String) null));
        assertEquals(6, RecordBytes.of("abc"));
    }
}
