package io.idempotenttrace.core.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.core.store.FleetBoard;
import io.idempotenttrace.core.store.FleetMode;
import io.idempotenttrace.core.store.MissingRightException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GuardModesTest {

    private static final String PAY = "com.acme.Pay.pay";
    private static final String SHIP = "com.acme.Ship.ship";

    private final List<String> said = new ArrayList<>();
    private final GuardModes modes =
            new GuardModes(scope -> scope.equals(SHIP) ? GuardMode.OBSERVE : GuardMode.ENFORCE, said::add);
    private final ScopeMode pay = modes.of(PAY, /* refuses= */ false);
    private final ScopeMode ship = modes.of(SHIP, /* refuses= */ false);

    private static FleetMode by(String who, String mode) {
        return new FleetMode(mode, "2026-11-29T20:00:00Z", who);
    }

    private void assertModes(GuardMode all, GuardMode ofPay, GuardMode ofShip) {
        assertEquals(List.of(all, ofPay, ofShip), List.of(modes.all().mode(), pay.mode(), ship.mode()), said::toString);
    }

    @Test
    void jmxWinsOverTheFleetAndThatOverTheSettingsAndAScopeOverAll() {
        assertModes(GuardMode.ENFORCE, GuardMode.ENFORCE, GuardMode.OBSERVE);
        assertFalse(pay.isSwitched());
        modes.byFleet(Map.of("", by("ann", "observe")));
        assertModes(GuardMode.OBSERVE, GuardMode.OBSERVE, GuardMode.OBSERVE);
        assertTrue(pay.isSwitched());
        modes.byFleet(Map.of("", by("ann", "observe"), SHIP, by("ann", "off")));
        assertModes(GuardMode.OBSERVE, GuardMode.OBSERVE, GuardMode.OFF);
        modes.byJmx("", GuardMode.ENFORCE, "bob");
        assertModes(GuardMode.ENFORCE, GuardMode.ENFORCE, GuardMode.ENFORCE);
        modes.byJmx(PAY, GuardMode.OFF, "bob");
        assertModes(GuardMode.ENFORCE, GuardMode.OFF, GuardMode.ENFORCE);
        modes.byJmx("", null, "bob");
        assertModes(GuardMode.OBSERVE, GuardMode.OFF, GuardMode.OFF);
        modes.byJmx(PAY, null, "bob");
        modes.byFleet(Map.of());
        assertModes(GuardMode.ENFORCE, GuardMode.ENFORCE, GuardMode.OBSERVE);
        assertFalse(pay.isSwitched());
        assertEquals(
                List.of(new GuardModes.Line("", GuardMode.ENFORCE, "setting", "")),
                modes.lines().subList(0, 1));
    }

    @Test
    void aScopeThatIsWovenLaterHasWhatWasAskedForBefore() {
        modes.byFleet(Map.of("late", by("ann", "off")));
        assertEquals(GuardMode.OFF, modes.of("late", /* refuses= */ false).mode());
    }

    /** A scope had the mode of all, which is replaced by the same look. */
    @Test
    void aChangeThatComesWithOneOfAllIsSaidFromWhatCountedBefore() {
        modes.byFleet(Map.of("", by("ann", "observe")));
        said.clear();
        modes.byFleet(Map.of("", by("ann", "off"), PAY, by("ann", "off")));
        assertTrue(
                said.stream()
                        .anyMatch(line -> line.startsWith("mode of scope '" + PAY + "' switched from observe to off")),
                said::toString);
    }

    @Test
    void eachChangeByTheFleetIsSaidWithWhoAskedForIt() {
        modes.byFleet(Map.of(PAY, by("ann@desk", "observe")));
        assertEquals(
                List.of("mode of scope '" + PAY
                        + "' switched from enforce to observe by the fleet at 2026-11-29T20:00:00Z: ann@desk"),
                said);
        said.clear();
        modes.byFleet(Map.of(PAY, by("ann@desk", "observe")));
        assertEquals(List.of(), said, "it is the same");
        modes.byJmx(PAY, GuardMode.ENFORCE, "bob");
        modes.byFleet(Map.of(PAY, by("ann@desk", "off")));
        assertEquals(
                List.of("the fleet asks for mode=off of scope '" + PAY
                        + "' at 2026-11-29T20:00:00Z: ann@desk; mode=enforce, switched by JMX, counts here"),
                said);
        said.clear();
        modes.byJmx(PAY, null, "bob");
        modes.byFleet(Map.of());
        assertEquals(
                List.of("mode of scope '" + PAY
                        + "' switched from off to enforce by the fleet, which no longer asks for one"),
                said);
    }

    @Test
    void aModeOfANewerVersionHasNoEffectAndIsSaid() {
        modes.byFleet(Map.of("", by("ann", "throttle")));
        assertModes(GuardMode.ENFORCE, GuardMode.ENFORCE, GuardMode.OBSERVE);
        assertEquals(
                List.of("the fleet asks for the mode 'throttle', which this version does not know; mode=enforce counts"
                        + " here"),
                said);
    }

    @Test
    void thatRefusingCallsRunUnguardedIsSaidOfEachScope() {
        modes.of(PAY, /* refuses= */ true);
        assertEquals(List.of(), said);
        modes.byFleet(Map.of("", by("ann", "observe")));
        String warning = "calls of scope '" + PAY
                + "' run unguarded while mode=observe (by the fleet: ann), also those that on-store-failure=throw would"
                + " refuse; they are counted";
        assertTrue(said.contains(warning), said::toString);
        said.clear();
        modes.of("late", /* refuses= */ true);
        assertTrue(said.get(0).startsWith("calls of scope 'late' run unguarded"), said::toString);
        said.clear();
        modes.byJmx("", GuardMode.ENFORCE, "bob");
        assertEquals(List.of(), said);
    }

    @Test
    void aClosedGuardStaysOff() {
        modes.close();
        modes.byFleet(Map.of(PAY, by("ann", "observe")));
        assertModes(GuardMode.OFF, GuardMode.OFF, GuardMode.OFF);
        assertEquals(GuardMode.OFF, modes.of("late", /* refuses= */ false).mode());
    }

    /** Answers what the test lays down, in turn. */
    private static final class Board implements FleetBoard {

        private final Deque<Object> answers = new ArrayDeque<>();
        private final List<String> told = new ArrayList<>();
        private boolean watched;

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
            return watched;
        }

        @Override
        public void tell(String line) {
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
    void whatWasAskedForCountsWhileTheStoreCantBeAsked() {
        try (FleetListener listener = listener(null)) {
            board.answers.addAll(List.of("not connected", Map.of(PAY, by("ann", "off"))));
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
        List<Boolean> watched = new ArrayList<>();
        FleetListener listener = listener(new FleetListener.Figures() {
            @Override
            public void watched(boolean isWatched) {
                watched.add(isWatched);
            }

            @Override
            public String line(long number, boolean ended) {
                return number + " " + ended;
            }
        });
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
        assertEquals(List.of(true, false), watched);
        board.watched = true;
        listener.look();
        listener.tellLast();
        assertEquals(List.of("1 false", "2 false", "3 false", "4 true"), board.told);
    }
}
