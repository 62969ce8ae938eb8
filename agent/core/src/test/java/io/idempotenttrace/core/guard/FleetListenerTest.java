package io.idempotenttrace.core.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.core.store.FleetBoard;
import io.idempotenttrace.core.store.FleetMode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a process tells to those who watch the fleet, whatever its board does meanwhile. */
class FleetListenerTest {

    /** A board on which a step of the test happens while it is asked. */
    private static final class Board implements FleetBoard {

        private final List<String> lines = new ArrayList<>();
        private Runnable whileAsked = () -> {};
        private int refusals;

        @Override
        public Map<String, FleetMode> modes() {
            return Map.of();
        }

        @Override
        public boolean isWatched() {
            whileAsked.run();
            return true;
        }

        @Override
        public void tell(String line) {
            if (refusals > 0) {
                refusals--;
                throw new IdempotencyStoreException("no answer", null, null, null, null);
            }
            lines.add(line);
        }

        @Override
        public String process() {
            return "host/1";
        }

        @Override
        public String version() {
            return "1";
        }
    }

    private final Board board = new Board();
    private final FleetListener listener = new FleetListener(
            board,
            new GuardModes(GuardMode.ENFORCE),
            new FleetListener.Figures() {

                @Override
                public void watched(boolean isWatched) {}

                @Override
                public String line(long number, boolean ended) {
                    return number + (ended ? " ended" : " runs");
                }
            },
            60_000,
            new GuardLog(new PrintStream(new ByteArrayOutputStream()), 1000));

    @Test
    void aRoundThatIsUnderWayDoesNotReplaceTheLastLine() {
        listener.look();
        board.whileAsked = listener::tellLast;

        listener.look();

        assertEquals(List.of("1 runs", "2 ended"), board.lines);
    }

    @Test
    void anAnswerThatIsLateDoesNotSayThatNobodyWatches() {
        listener.look();
        board.whileAsked = () -> {
            throw new IdempotencyStoreException("no answer", null, null, null, null);
        };
        listener.look();

        listener.tellLast();

        assertEquals(List.of("1 runs", "2 runs", "3 ended"), board.lines);
    }

    @Test
    void theLastLineIsToldAgainWhereItWasNotTaken() {
        listener.look();
        board.refusals = 1;

        listener.tellLast();

        assertEquals(List.of("1 runs", "3 ended"), board.lines);
    }
}
