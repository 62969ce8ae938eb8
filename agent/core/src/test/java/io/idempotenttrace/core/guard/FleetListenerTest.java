package io.idempotenttrace.core.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.core.store.FleetBoard;
import io.idempotenttrace.core.store.FleetMode;
import io.idempotenttrace.core.store.MissingRightException;
import io.idempotenttrace.core.store.RefusedStepException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a process takes from the fleet, and tells to those who watch it, whatever its board does meanwhile. */
class FleetListenerTest {

    private static final String PAY = "com.acme.Pay.pay";
    private static final IdempotencyStoreException NO_ANSWER =
            new IdempotencyStoreException("no answer", null, null, null, null);

    /** Answers what the test lays down, in turn. */
    private static final class Board implements FleetBoard {

        private final Deque<Object> answers = new ArrayDeque<>();
        private final List<String> told = new ArrayList<>();
        private boolean watched;
        /** A step of the test that happens while it is asked whether somebody watches. */
        private Runnable whileAsked = () -> {};
        /** How many of the next lines it does not take. */
        private int refusals;

        @Override
        @SuppressWarnings("unchecked")
        public Map<String, FleetMode> modes() {
            Object answer = answers.removeFirst();
            if (answer instanceof RuntimeException failure) {
                throw failure;
            }
            return answer instanceof Map ? (Map<String, FleetMode>) answer : null;
        }

        @Override
        public boolean isWatched() {
            whileAsked.run();
            return watched;
        }

        @Override
        public void tell(String line) {
            if (refusals > 0) {
                refusals--;
                throw NO_ANSWER;
            }
            told.add(line);
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

    /** Tells a line by its number, and whether it is the last one. */
    private static final class NumberedLines implements FleetListener.Figures {

        private final List<Boolean> watched = new ArrayList<>();
        private final List<Boolean> answered = new ArrayList<>();

        @Override
        public void watched(boolean isWatched) {
            watched.add(isWatched);
        }

        @Override
        public void answered(boolean answers) {
            answered.add(answers);
        }

        @Override
        public String line(long number, boolean ended) {
            return number + " " + ended;
        }
    }

    private final GuardModes modes = new GuardModes(GuardMode.ENFORCE);
    private final ScopeMode pay = modes.of(PAY, /* refuses= */ false);
    private final Board board = new Board();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private FleetListener listener(FleetListener.Figures figures) {
        return new FleetListener(
                board,
                modes,
                figures,
                /* periodMillis= */ 2000,
                new GuardLog(new PrintStream(err, true, StandardCharsets.UTF_8), 1000));
    }

    @Test
    void anIdleProcessKnowsThatItsStoreDoesNotAnswer() {
        NumberedLines figures = new NumberedLines();
        try (FleetListener listener = listener(figures)) {
            for (int i = 0; i < 39; i++) {
                board.answers.add("not connected");
                listener.look();
            }
            board.answers.addAll(List.of(Map.of(), NO_ANSWER, NO_ANSWER, Map.of()));
            for (int i = 0; i < 4; i++) {
                listener.look();
            }
            assertEquals(List.of(), figures.answered, "it connects, and two rounds without an answer say nothing");
            board.answers.addAll(List.of("not connected", NO_ANSWER, NO_ANSWER, NO_ANSWER, Map.of()));
            for (int i = 0; i < 5; i++) {
                listener.look();
            }
            assertEquals(List.of(false, false, true), figures.answered);
        }
    }

    @Test
    void aStoreThatRefusesWhatTheFleetIsAskedForAnswers() {
        NumberedLines figures = new NumberedLines();
        try (FleetListener listener = listener(figures)) {
            for (int i = 0; i < 41; i++) {
                board.answers.add(new RefusedStepException("WRONGTYPE", null, null, null, null));
                assertEquals(TimeUnit.MILLISECONDS.toNanos(2000), listener.look());
            }
            assertEquals(List.of(), figures.answered);
            assertTrue(err.toString(StandardCharsets.UTF_8).contains("WRONGTYPE"), err::toString);
        }
    }

    @Test
    void aProcessThatNeverReachesItsStoreKnowsSoon() {
        NumberedLines figures = new NumberedLines();
        try (FleetListener listener = listener(figures)) {
            for (int i = 0; i < 40; i++) {
                assertEquals(List.of(), figures.answered);
                board.answers.add("not connected");
                listener.look();
            }
            assertEquals(List.of(false), figures.answered);
        }
    }

    @Test
    void whatWasAskedForCountsWhileTheStoreCantBeAsked() {
        try (FleetListener listener = listener(null)) {
            board.answers.addAll(
                    List.of("not connected", Map.of(PAY, new FleetMode("off", "2026-11-29T20:00:00Z", "ann"))));
            assertTrue(listener.look() < TimeUnit.MILLISECONDS.toNanos(2000), "soon, until it is known");
            assertEquals(TimeUnit.MILLISECONDS.toNanos(2000), listener.look());
            assertEquals(GuardMode.OFF, pay.mode());
            board.answers.addAll(List.of(
                    new IdempotencyStoreException("away", null, null, null, null),
                    "not connected",
                    new MissingRightException("no right to hgetall", null, null, null, null),
                    new MissingRightException("no right to hgetall", null, null, null, null)));
            for (int i = 0; i < 4; i++) {
                assertEquals(TimeUnit.MILLISECONDS.toNanos(2000), listener.look());
                assertEquals(GuardMode.OFF, pay.mode());
            }
            assertEquals(
                    1, err.toString(StandardCharsets.UTF_8).lines().count(), "a missing right is said once: " + err);
            board.answers.add(Map.of());
            listener.look();
            assertEquals(GuardMode.ENFORCE, pay.mode());
        }
    }

    @Test
    void figuresAreToldWhileSomebodyWatchesAndOnceMoreAtTheEnd() {
        NumberedLines lines = new NumberedLines();
        FleetListener listener = listener(lines);
        for (int i = 0; i < 5; i++) {
            board.answers.add(Map.of());
        }
        listener.look();
        board.watched = true;
        assertEquals(TimeUnit.SECONDS.toNanos(1), listener.look());
        assertEquals(TimeUnit.SECONDS.toNanos(1), listener.look());
        board.watched = false;
        assertEquals(TimeUnit.SECONDS.toNanos(2), listener.look());
        assertEquals(List.of("1 false", "2 false"), board.told);
        assertEquals(List.of(true, false), lines.watched);
        board.watched = true;
        listener.look();
        listener.tellLast();
        assertEquals(List.of("1 false", "2 false", "3 false", "4 true"), board.told);
    }

    /** A listener that has told its first line, since somebody watches. */
    private FleetListener watched() {
        board.watched = true;
        board.answers.addAll(Collections.nCopies(2, Map.of()));
        FleetListener listener = listener(new NumberedLines());
        listener.look();
        return listener;
    }

    @Test
    void aRoundThatIsUnderWayDoesNotReplaceTheLastLine() {
        FleetListener listener = watched();
        board.whileAsked = listener::tellLast;

        listener.look();

        assertEquals(List.of("1 false", "2 true"), board.told);
    }

    @Test
    void anAnswerThatIsLateDoesNotSayThatNobodyWatches() {
        FleetListener listener = watched();
        board.whileAsked = () -> {
            throw NO_ANSWER;
        };
        listener.look();

        listener.tellLast();

        assertEquals(List.of("1 false", "2 false", "3 true"), board.told);
    }

    @Test
    void theLastLineIsToldAgainWhereItWasNotTaken() {
        FleetListener listener = watched();
        board.refusals = 1;

        listener.tellLast();

        assertEquals(List.of("1 false", "3 true"), board.told);
    }
}
