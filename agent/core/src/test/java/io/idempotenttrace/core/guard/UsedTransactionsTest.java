package io.idempotenttrace.core.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Which transactions a body has left open. */
class UsedTransactionsTest {

    private static final class Transaction implements UsedTransaction {

        private boolean ended;
        private int asked;

        @Override
        public boolean hasEnded() {
            asked++;
            return ended;
        }
    }

    private final UsedTransactions used = new UsedTransactions();

    @Test
    void theOpenOnesAreLeftInTheirOrder() {
        Transaction first = new Transaction();
        Transaction second = new Transaction();
        Transaction third = new Transaction();
        assertTrue(used.add(first));
        assertTrue(used.add(second));
        assertTrue(used.add(third));
        assertFalse(used.add(first));
        second.ended = true;
        assertEquals(List.of(first, third), used.open());
    }

    /** A body that commits each of a million rows must not keep as many transactions. */
    @Test
    void thoseThatHaveEndedAreForgotten() {
        Transaction early = new Transaction();
        early.ended = true;
        used.add(early);
        for (int i = 0; i < 100; i++) {
            Transaction ended = new Transaction();
            ended.ended = true;
            used.add(ended);
        }
        early.asked = 0;
        assertEquals(List.of(), used.open());
        assertEquals(0, early.asked);
    }
}
