package io.idempotenttrace.core.guard;

import io.idempotenttrace.config.Printable;
import io.idempotenttrace.core.store.RecordId;
import java.io.PrintStream;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One line for what a user must know. A repeated occasion is said once in a period, with its count, so that a
 * failing store does not flood the application's output. Safe for use by many threads.
 */
public final class GuardLog {

    /** What may repeat. */
    public enum Occasion {
        STORE_FAILURE,
        STORE_BACK,
        STORE_FULL,
        UNHASHABLE,
        MISSING_KEY,
        RAN_TWICE,
        ANSWERED_LATE,
        COMPLETION_LOST,
        UNACKNOWLEDGED,
        OBSERVED,
        AGENT_FAULT,
        REPLAY_FAILED,
        TRANSACTION,
        HELD_TOO_LONG,
        NEWER_RECORD,
        UNTOLD
    }

    /** How much a line matters. */
    public enum Level {
        /** What became of a call, and why. */
        DEBUG,
        /** What went as it should. */
        INFO,
        /** What somebody has to know. */
        WARN
    }

    /** Where lines go. Safe for use by many threads. */
    public interface Lines {

        /** Whether lines of that level are wanted, so that a call does not make them for nobody. */
        boolean isDebug();

        /** @param message without control characters */
        void say(Level level, String message);
    }

    private record Printed(PrintStream out) implements Lines {

        @Override
        public boolean isDebug() {
            return false;
        }

        @Override
        public void say(Level level, String message) {
            out.println(PREFIX + message);
        }
    }

    private static final String PREFIX = "idempotent-trace: ";
    /** More than any message of the agent's own has. */
    private static final int LONGEST_LINE = 4_000;

    /** Far more than an application has methods that are of interest here; what comes after them is not said. */
    private static final int MOST_REMEMBERED = 2_000;

    private final Lines lines;
    private final boolean debug;
    private final Set<String> said = ConcurrentHashMap.newKeySet();
    /** Of which occasions of which methods something was said. */
    private final Set<String> subjects = ConcurrentHashMap.newKeySet();

    private final long periodNanos;
    private volatile boolean ended;
    private final Repetition[] repetitions = new Repetition[Occasion.values().length];

    /** @param periodMillis how long an occasion stays quiet after a line; above 0 */
    public GuardLog(PrintStream out, long periodMillis) {
        this(new Printed(out), periodMillis);
    }

    /** As the other one, for lines that go elsewhere. */
    public GuardLog(Lines lines, long periodMillis) {
        this.lines = lines;
        this.debug = lines.isDebug();
        this.periodNanos = TimeUnit.MILLISECONDS.toNanos(periodMillis);
        for (int i = 0; i < repetitions.length; i++) {
            repetitions[i] = new Repetition();
        }
    }

    /** Says the line now. */
    public void say(String message) {
        say(Level.WARN, message);
    }

    /** As {@link #say(String)}, of what went as it should. */
    public void inform(String message) {
        say(Level.INFO, message);
    }

    /** Whether lines of that level are said. */
    public boolean isDebug() {
        return debug;
    }

    /** What became of a call of that counter, and why. */
    void debug(CallCounters counting, RecordId id, String what) {
        if (debug) {
            String method = counting.name();
            say(Level.DEBUG, (method == null ? "" : method + ": ") + id.forPeople() + ": " + what);
        }
    }

    private void say(Level level, String message) {
        if (!ended) {
            lines.say(level, printable(message));
        }
    }

    /** The message as it is printed: keys, names and replies of a server may carry what would forge a line or drive a terminal. */
    public static String printable(String message) {
        return Printable.text(message, LONGEST_LINE);
    }

    /**
     * Says the line if this very one was not said before: what concerns a method may be learnt as it is woven, as it is linked, and
     * at each of its calls.
     */
    public void sayOnce(String message) {
        if (said.contains(message)) {
            return;
        }
        if (said.size() < MOST_REMEMBERED && said.add(message)) {
            say(message);
        }
    }

    /** Says the line, and none after it. */
    public synchronized void sayLast(String message) {
        inform(message);
        ended = true;
    }

    /**
     * Says the line if it is the first of this occasion for its subject, so that a method whose first failure falls into a period of
     * another one's is not hidden by that. Else as {@link #sayOnceAPeriod(Occasion, String)}.
     *
     * @param subject what the line is about: a method, or the scope of a record; null for a record that all share. Of more subjects than
     *        are remembered, each line counts as a repeated one
     */
    public void sayOnceAPeriod(Occasion occasion, @Nullable String subject, String message) {
        String named = occasion.name() + ' ' + subject;
        if (!subjects.contains(named) && subjects.size() < MOST_REMEMBERED && subjects.add(named)) {
            repetition(occasion).begin(System.nanoTime());
            say(level(occasion), message);
        } else {
            sayOnceAPeriod(occasion, message);
        }
    }

    /** Says the line, of which the caller takes care that it comes but once; what else this occasion has of the subject counts as repeated. */
    public void sayAtOnce(Occasion occasion, String subject, String message) {
        if (subjects.size() < MOST_REMEMBERED) {
            subjects.add(occasion.name() + ' ' + subject);
        }
        repetition(occasion).begin(System.nanoTime());
        say(level(occasion), message);
    }

    /** Says the line if the occasion was not named in this period, else counts it. */
    public void sayOnceAPeriod(Occasion occasion, String message) {
        long unsaid = repetition(occasion).next(System.nanoTime(), periodNanos);
        if (unsaid >= 0) {
            say(
                    level(occasion),
                    unsaid == 0 ? message : message + " (and " + unsaid + " more times since the last such line)");
        }
    }

    private static Level level(Occasion occasion) {
        return occasion == Occasion.OBSERVED || occasion == Occasion.STORE_BACK ? Level.INFO : Level.WARN;
    }

    @SuppressWarnings("EnumOrdinal") // The array is made for the values as they are, and goes nowhere.
    private Repetition repetition(Occasion occasion) {
        return repetitions[occasion.ordinal()];
    }

    private static final class Repetition {

        private final AtomicReference<Long> lastSaid = new AtomicReference<>();
        private final AtomicLong unsaid = new AtomicLong();

        /** The first line of all was said, for a subject: its repetitions are quiet from then on. */
        void begin(long now) {
            lastSaid.compareAndSet(null, now);
        }

        /** How many were not said since the last line; -1 if this one is not to be said either. */
        @SuppressWarnings("PrimitiveAtomicReference") // It compares with the very object that it read.
        long next(long now, long period) {
            Long last = lastSaid.get();
            if ((last == null || now - last >= period) && lastSaid.compareAndSet(last, now)) {
                return unsaid.getAndSet(0);
            }
            unsaid.incrementAndGet();
            return -1;
        }
    }
}
