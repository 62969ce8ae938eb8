package io.idempotenttrace.core.store.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.idempotenttrace.core.store.ClaimResult;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.Verdict;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DuplicateAnswersTest {

    private static final String HASH = "a".repeat(64);
    private static final long AN_HOUR = 3_600_000_000_000L;

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 10);

    private static RecordId id(int key) {
        return new RecordId("t", null, "key-" + (100 + key));
    }

    private static ClaimResult answer(String result) {
        return new ClaimResult(Verdict.DUPLICATE, HASH, "trace", result, "", 0, 0, 0, "", 0, "");
    }

    @Test
    void anAnswerIsFoundByItsRecordAndPayloadUntilItExpires() {
        DuplicateAnswers known = new DuplicateAnswers(10_000, nanos::get);
        ClaimResult answer = answer("7");
        known.add(id(1), "python", answer, AN_HOUR);
        assertSame(answer, known.find(id(1), "python", HASH));
        assertNull(known.find(id(2), "python", HASH));
        assertNull(known.find(id(1), "python", "b".repeat(64)));
        assertNull(known.find(id(1), "jcs", HASH));
        nanos.addAndGet(AN_HOUR - 1);
        assertSame(answer, known.find(id(1), "python", HASH));
        nanos.addAndGet(1);
        assertNull(known.find(id(1), "python", HASH));
    }

    @Test
    void theOldestGoWhenTheyTakeTooMuch() {
        // 256 bytes, and two for each of 7 + 1 + 5 + 10 characters.
        DuplicateAnswers known = new DuplicateAnswers(3 * 302, nanos::get);
        for (int i = 0; i < 10; i++) {
            known.add(id(i), "python", answer("0123456789"), AN_HOUR);
            assertEquals(Math.min(i + 1, 3), known.size());
            assertNotNull(known.find(id(i), "python", HASH));
        }
        assertNull(known.find(id(6), "python", HASH));
        assertNotNull(known.find(id(7), "python", HASH));
        // What is forgotten, or known anew, makes its room free.
        known.forget(id(8));
        known.forget(id(8));
        known.add(id(9), "python", answer("0123456789"), AN_HOUR);
        known.add(id(10), "python", answer("0123456789"), AN_HOUR);
        assertEquals(3, known.size());
        assertNotNull(known.find(id(7), "python", HASH));
        known.forgetAll();
        assertEquals(0, known.size());
        for (int i = 0; i < 3; i++) {
            known.add(id(i), "python", answer("0123456789"), AN_HOUR);
        }
        assertEquals(3, known.size());
    }

    @Test
    void anAnswerThatAloneTakesTooMuchIsNotKept() {
        DuplicateAnswers known = new DuplicateAnswers(1_000, nanos::get);
        known.add(id(1), "python", answer("x".repeat(1_000)), AN_HOUR);
        assertEquals(0, known.size());
        known.add(id(2), "python", answer(null), AN_HOUR);
        assertEquals(1, known.size());
    }
}
