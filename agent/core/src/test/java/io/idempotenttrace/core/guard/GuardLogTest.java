package io.idempotenttrace.core.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.core.guard.GuardLog.Occasion;
import io.idempotenttrace.core.store.RecordId;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GuardLogTest {

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    private GuardLog log(long periodMillis) {
        return new GuardLog(new PrintStream(said, true), periodMillis);
    }

    private List<String> lines() {
        return said.toString().lines().toList();
    }

    @Test
    void theFirstOfEachMethodIsSaidAndOnlyRepeatsAreNot() {
        GuardLog log = log(TimeUnit.HOURS.toMillis(1));
        for (int i = 0; i < 3; i++) {
            log.sayOnceAPeriod(Occasion.UNHASHABLE, "a.first", "first");
            log.sayOnceAPeriod(Occasion.UNHASHABLE, "a.second", "second");
            log.sayOnceAPeriod(Occasion.MISSING_KEY, "a.first", "no key");
            log.sayOnceAPeriod(Occasion.STORE_FAILURE, null, "of a shared key");
        }
        assertEquals(
                List.of(
                        "idempotent-trace: first",
                        "idempotent-trace: second",
                        "idempotent-trace: no key",
                        "idempotent-trace: of a shared key"),
                lines());
    }

    @Test
    void whatWasNotSaidIsCountedInTheNextLine() {
        GuardLog log = log(1);
        log.sayOnceAPeriod(Occasion.UNHASHABLE, "a.first", "first");
        long begun = System.nanoTime();
        while (System.nanoTime() - begun <= TimeUnit.MILLISECONDS.toNanos(1)) {
            Thread.onSpinWait();
        }
        log.sayOnceAPeriod(Occasion.UNHASHABLE, "a.first", "again");
        assertEquals(List.of("idempotent-trace: first", "idempotent-trace: again"), lines());
    }

    @Test
    void nobodyWhoWritesAKeyForgesALineOrDrivesATerminal() {
        String key = "evil\u001b[2J\r\nidempotent-trace: new=999";
        log(1).say("the completion of " + new RecordId("t\n", null, key).forPeople() + " " + "x".repeat(10_000));
        assertEquals(1, lines().size(), lines()::toString);
        assertTrue(
                lines().get(0)
                        .startsWith(
                                "idempotent-trace: the completion of key 'evil\\u001b[2J\\r\\nidempotent-trace: new=999'"
                                        + " of tenant 't\\n' x"),
                lines()::toString);
        assertTrue(lines().get(0).length() < 5_000);
    }

    @Test
    void subjectsWithoutEndDoNotFillTheMemoryOrTheLog() {
        GuardLog log = log(TimeUnit.HOURS.toMillis(1));
        for (int i = 0; i < 10_000; i++) {
            log.sayOnceAPeriod(Occasion.COMPLETION_LOST, "scope" + i, "lost");
        }
        assertEquals(2_000, lines().size());
        assertTrue(lines().stream().allMatch("idempotent-trace: lost"::equals), () -> lines().get(1_999));
    }

    @Test
    void whatPeopleHaveToKnowIsAWarningAndWhatWentAsItShouldIsNot() {
        List<String> levels = new ArrayList<>();
        GuardLog log = new GuardLog(
                new GuardLog.Lines() {

                    @Override
                    public boolean isDebug() {
                        return true;
                    }

                    @Override
                    public void say(GuardLog.Level level, String message) {
                        levels.add(level + " " + message);
                    }
                },
                TimeUnit.HOURS.toMillis(1));
        assertTrue(log.isDebug());
        assertFalse(log(1).isDebug(), "what is printed has none of these lines");
        log.say("said");
        log.inform("informed");
        log.sayOnceAPeriod(Occasion.OBSERVED, "observed");
        log.sayOnceAPeriod(Occasion.STORE_BACK, "back");
        log.sayOnceAPeriod(Occasion.STORE_FAILURE, "away");
        log.debug(new CallCounters(), new RecordId("t", null, "k"), "new");
        assertEquals(
                List.of(
                        "WARN said",
                        "INFO informed",
                        "INFO observed",
                        "INFO back",
                        "WARN away",
                        "DEBUG key 'k' of tenant 't': new"),
                levels);
    }

    @Test
    void afterTheLastLineNoneIsSaid() {
        GuardLog log = log(1);
        log.sayLast("last");
        log.say("later");
        log.sayOnceAPeriod(Occasion.STORE_FAILURE, "later");
        assertEquals(List.of("idempotent-trace: last"), lines());
    }

    /** What follows it within the period is a repetition. */
    @Test
    void aLineThatIsSaidAtOnceBeginsThePeriodOfItsSubject() {
        GuardLog log = log(TimeUnit.HOURS.toMillis(1));
        log.sayAtOnce(Occasion.HELD_TOO_LONG, "scope", "at once");
        log.sayOnceAPeriod(Occasion.HELD_TOO_LONG, "scope", "again");
        log.sayOnceAPeriod(Occasion.HELD_TOO_LONG, "another", "of another");
        log.sayAtOnce(Occasion.HELD_TOO_LONG, "scope", "at once again");
        assertEquals(
                List.of("idempotent-trace: at once", "idempotent-trace: of another", "idempotent-trace: at once again"),
                lines());
    }

    @Test
    void messagesWithoutEndDoNotFillTheMemoryOrTheLog() {
        GuardLog log = log(1);
        for (int i = 0; i < 2_100; i++) {
            log.sayOnce("line " + i);
            log.sayOnce("line " + i);
        }
        assertEquals(2_000, lines().size());
    }
}
