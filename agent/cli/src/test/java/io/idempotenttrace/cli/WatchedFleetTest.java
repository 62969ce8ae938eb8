package io.idempotenttrace.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.config.OneLineJson;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What those see who watch, made of the lines that processes tell. */
class WatchedFleetTest {

    private final WatchedFleet fleet = new WatchedFleet();

    private static String line(long number, long millis, boolean ended, long calls, long[] claims, String more) {
        return "{\"process\":\"a/1\",\"version\":\"1\",\"mode\":\"observe\",\"number\":" + number + ",\"millis\":"
                + millis
                + ",\"ended\":" + ended + ",\"calls\":{\"new\":" + calls
                + ",\"duplicate\":0},\"unguarded\":{\"store\":2},"
                + "\"scopes\":[{\"scope\":\"s\",\"calls\":{\"new\":" + calls + "},\"held\":3}],"
                + "\"held\":[{\"tenant\":\"t\",\"scope\":null,\"key\":\"k\",\"method\":null,\"millis\":" + millis
                + "}],\"heldCalls\":3,\"bounds\":[0.001,0.01],\"claims\":{\"counts\":"
                + List.of(claims[0], claims[1], claims[2])
                + ",\"seconds\":1},\"storeFailures\":1" + more + "}";
    }

    private static String line(long number, long millis, long calls) {
        return line(number, millis, /* ended= */ false, calls, new long[] {0, 0, 0}, "");
    }

    @Test
    void ratesAreWhatWasCountedBetweenTwoLinesByTheClockOfTheProcess() {
        Frame first = fleet.next(Map.of("a/1", line(1, 1000, 100)), 50_000);
        assertEquals(100L, first.totals().get("new"));
        assertEquals(0.0, first.perSecond().get("new"), "nobody knows when they were");
        Frame second = fleet.next(Map.of("a/1", line(2, 3000, 140), "b/2", line(1, 9000, 5)), 51_000);
        assertEquals(20.0, second.perSecond().get("new"));
        assertEquals(145L, second.totals().get("new"));
        assertEquals(20.0, second.scopes().get(0).perSecond().get("new"));
        assertEquals(6, second.scopes().get(0).held());
        assertEquals(Map.of("store", 4L), second.unguarded());
        assertEquals(
                List.of(9000L, 3000L),
                second.held().stream().map(Frame.Held::millis).toList());
        Frame third = fleet.next(Map.of("a/1", line(2, 3000, 140), "b/2", line(1, 9000, 5)), 52_000);
        assertEquals(0.0, third.perSecond().get("new"), "nothing was told since");
        assertEquals(2, third.processes().size());
        assertEquals(3, third.number());
    }

    @Test
    void aProcessThatHasEndedOrTellsNothingStaysInTheSumsAndHoldsNothing() {
        fleet.next(Map.of("a/1", line(1, 1000, 10), "b/2", line(1, 1000, 1)), 50_000);
        Frame ended = fleet.next(
                Map.of("a/1", line(2, 2000, /* ended= */ true, 12, new long[3], ""), "b/2", line(1, 1000, 1)), 56_000);
        assertEquals(
                List.of("ended", "silent"),
                ended.processes().stream().map(Frame.OfProcess::state).toList());
        assertEquals(13L, ended.totals().get("new"));
        assertEquals(0, ended.heldCalls());
        Frame gone = fleet.next(Map.of(), 57_000);
        assertEquals(13L, gone.totals().get("new"));
        assertEquals(List.of("b/2"), fleet.silentFor(6_000, 57_000));
    }

    @Test
    void timesAreThoseOfTheIntervalAlone() {
        fleet.next(Map.of("a/1", line(1, 1000, /* ended= */ false, 0, new long[] {1000, 0, 0}, "")), 1);
        Frame frame = fleet.next(Map.of("a/1", line(2, 2000, /* ended= */ false, 0, new long[] {1060, 39, 1}, "")), 2);
        assertEquals(new Frame.Times(100, 1.0, 10.0), frame.claims());
        Frame slow = fleet.next(Map.of("a/1", line(3, 3000, /* ended= */ false, 0, new long[] {1060, 39, 5}, "")), 3);
        assertEquals(4, slow.claims().count());
        assertNull(slow.claims().p50(), "above all bounds");
    }

    @Test
    void aConflictIsShownOnceThoughItIsToldForSomeSeconds() {
        String conflict =
                ",\"conflicts\":[{\"millis\":5,\"method\":\"m\",\"tenant\":\"t\",\"scope\":\"s\",\"key\":\"k\\u001b\","
                        + "\"members\":[\"amount\",\"currency\"]}]";
        fleet.next(Map.of("a/1", line(1, 1000, /* ended= */ false, 0, new long[3], conflict)), 1);
        Frame frame = fleet.next(Map.of("a/1", line(2, 2000, /* ended= */ false, 0, new long[3], conflict)), 2);
        assertEquals(1, frame.conflicts().size());
        assertEquals(List.of("amount", "currency"), frame.conflicts().get(0).members());
        String page = String.join("\n", FrameText.page(frame));
        assertTrue(page.contains("differs in amount, currency"), page);
        assertTrue(page.indexOf('\u001b') < 0, "nothing that acts on a terminal");
        assertTrue(OneLineJson.of(frame.toMap()).contains("\"members\":[\"amount\",\"currency\"]"));
    }

    @Test
    void whatIsNoLineOfAProcessIsLeftOut() {
        Frame frame = fleet.next(Map.of("x", "{", "y", "[1]", "z", "{}"), 1);
        assertEquals(
                List.of("z"),
                frame.processes().stream().map(Frame.OfProcess::process).toList());
        assertTrue(FrameText.line(frame).contains("processes=1"), FrameText.line(frame));
        assertTrue(String.join("\n", FrameText.page(new WatchedFleet().next(Map.of(), 1)))
                .contains("no process"));
    }

    @Test
    void anAddressIsAHostAndAPort() {
        assertEquals(new WatchCommand.PageAddress("127.0.0.1", 80), WatchCommand.PageAddress.of("127.0.0.1:80"));
        assertEquals(new WatchCommand.PageAddress("::1", 80), WatchCommand.PageAddress.of("[::1]:80"));
        assertEquals(new WatchCommand.PageAddress("127.0.0.1", 80), WatchCommand.PageAddress.of("80"));
        for (String wrong : List.of("localhost", "localhost:", "localhost:99999", "")) {
            try {
                WatchCommand.PageAddress.of(wrong);
                throw new AssertionError(wrong);
            } catch (WrongUseException expected) {
                assertTrue(expected.getMessage().contains("127.0.0.1:8642"), expected.getMessage());
            }
        }
    }
}
