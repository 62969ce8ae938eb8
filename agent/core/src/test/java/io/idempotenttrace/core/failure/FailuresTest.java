package io.idempotenttrace.core.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class FailuresTest {

    /** An exception whose own code fails. */
    private static final class Mute extends RuntimeException {

        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new AssertionError("no message");
        }
    }

    @Test
    void whatAFuturePutsAroundAFailureIsTakenAway() {
        IOException failure = new IOException("gone");
        assertSame(failure, Failures.cause(new CompletionException(failure)));
        assertSame(failure, Failures.cause(new ExecutionException(failure)));
        assertSame(failure, Failures.cause(failure));
        CompletionException alone = new CompletionException("alone", null);
        assertSame(alone, Failures.cause(alone));
        assertNull(Failures.causeOrNull(null));
    }

    @Test
    void aCheckedFailureIsThrownInsideOfAnUncheckedOne() {
        IOException checked = new IOException("gone");
        assertSame(checked, Failures.toThrow(new ExecutionException(checked)).getCause());
        IllegalArgumentException unchecked = new IllegalArgumentException();
        assertSame(unchecked, Failures.toThrow(new CompletionException(unchecked)));
    }

    @Test
    void aFailureThatCantTellItsMessageIsToldByItsClass() {
        assertEquals(Mute.class.getName(), Failures.text(new Mute()));
        assertNull(Failures.message(new Mute()));
        assertEquals("Mute", Failures.firstLine(new Mute()));
        assertEquals("java.io.IOException: gone", Failures.text(new IOException("gone")));
    }

    @Test
    void ofAMessageTheFirstLineCounts() {
        assertEquals("first", Failures.firstLine(new IOException("first\nsecond")));
        assertEquals("", Failures.firstLine(new IOException("")));
        assertEquals("IOException", Failures.firstLine(new IOException()));
    }
}
