package io.idempotenttrace.core.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.core.store.FleetMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

    @Test
    void theModeOfAScopeWithoutCallsIsTold() {
        assertEquals(GuardMode.OBSERVE, modes.mode(SHIP));
        assertEquals(GuardMode.ENFORCE, modes.mode("never.met"));
        modes.byFleet(Map.of("never.met", by("ann", "off")));
        assertEquals(GuardMode.OFF, modes.mode("never.met"));
        assertEquals(GuardMode.ENFORCE, modes.mode(""));
        modes.close();
        assertEquals(GuardMode.OFF, modes.mode(SHIP));
    }

    @Test
    void aScopeThatIsSwitchedToTheModeOfAllIsNamed() {
        modes.byJmx(PAY, GuardMode.ENFORCE, "bob");
        assertEquals(
                List.of(
                        new GuardModes.Line("", GuardMode.ENFORCE, "setting", ""),
                        new GuardModes.Line(PAY, GuardMode.ENFORCE, "jmx", "bob"),
                        new GuardModes.Line(SHIP, GuardMode.OBSERVE, "setting", "")),
                modes.lines());
    }
}
