package io.idempotenttrace.core.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.core.background.BackgroundLoop;
import io.idempotenttrace.core.store.FleetMode;
import io.idempotenttrace.core.store.MissingRightException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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

    @Test
    void whatWasAskedForCountsWhileTheStoreCantBeAsked() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<Object> answers = new ArrayList<>();
        FleetListener listener = new FleetListener(
                () -> {
                    Object answer = answers.remove(0);
                    if (answer instanceof RuntimeException failure) {
                        throw failure;
                    }
                    @SuppressWarnings("unchecked")
                    Map<String, FleetMode> asked = answer instanceof Map ? (Map<String, FleetMode>) answer : null;
                    return asked;
                },
                modes,
                /* periodMillis= */ 2000,
                new GuardLog(new PrintStream(err, true, StandardCharsets.UTF_8), 1000));
        try (listener) {
            answers.addAll(List.of("not connected", Map.of(PAY, by("ann", "off"))));
            assertTrue(listener.look() < TimeUnit.MILLISECONDS.toNanos(2000), "soon, until it is known");
            assertEquals(TimeUnit.MILLISECONDS.toNanos(2000), listener.look());
            assertEquals(GuardMode.OFF, pay.mode());
            answers.addAll(List.of(
                    new IdempotencyStoreException("away", null, null, null, null),
                    "not connected",
                    new MissingRightException("no right to hgetall", null, null, null, null),
                    new MissingRightException("no right to hgetall", null, null, null, null)));
            for (int i = 0; i < 4; i++) {
                assertTrue(listener.look() != BackgroundLoop.END);
                assertEquals(GuardMode.OFF, pay.mode());
            }
            assertEquals(
                    1, err.toString(StandardCharsets.UTF_8).lines().count(), "a missing right is said once: " + err);
            answers.add(Map.of());
            listener.look();
            assertEquals(GuardMode.ENFORCE, pay.mode());
        }
    }
}
