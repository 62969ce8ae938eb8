package io.idempotenttrace.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What really happened to the keys of a scenario, told apart from what a store says of them: which bodies ran, and what each
 * caller was answered. Kept in this process, or read from the files that forked workers append to. Safe for use by many threads.
 */
public final class FaultCount {

    /** What a caller was answered in the end. */
    public enum Answer {

        /** Its body ran, and the call returned. */
        RAN,
        /** The body of another call has run: the caller acknowledges its message. */
        DUPLICATE,
        CONFLICT,
        /** Nothing within its time, for all its redeliveries. */
        UNDECIDED;

        boolean acknowledges() {
            return this == RAN || this == DUPLICATE;
        }
    }

    /** What is known of one key. */
    private static final class Key {

        private final List<String> bodies = new ArrayList<>();
        private final Set<String> traceIds = new HashSet<>();
        private boolean acknowledged;
        private boolean undecided;
        private int conflicts;
    }

    private final Map<String, Key> keys = new LinkedHashMap<>();
    private int answers;

    /** Reads what workers have appended: {@code key TAB worker TAB trace id}, and {@code key TAB worker TAB answer TAB trace id}. */
    public static FaultCount read(Path bodies, Path answers) {
        FaultCount count = new FaultCount();
        for (String[] line : lines(bodies)) {
            count.body(line[0], line[2]);
        }
        for (String[] line : lines(answers)) {
            count.answer(line[0], Answer.valueOf(line[2]), line.length > 3 ? line[3] : "");
        }
        return count;
    }

    private static List<String[]> lines(Path file) {
        try {
            return Files.exists(file)
                    ? Files.readAllLines(file).stream()
                            .map(line -> line.split("\t", -1))
                            .toList()
                    : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A body ran, or began to. */
    public synchronized void body(String key, String traceId) {
        key(key).bodies.add(traceId);
    }

    /** A caller got its last answer. */
    public synchronized void answer(String key, Answer answer, String traceId) {
        answers++;
        Key known = key(key);
        known.acknowledged |= answer.acknowledges();
        known.undecided |= answer == Answer.UNDECIDED;
        known.conflicts += answer == Answer.CONFLICT ? 1 : 0;
        if (answer.acknowledges() && !traceId.isEmpty()) {
            known.traceIds.add(traceId);
        }
    }

    private Key key(String name) {
        return keys.computeIfAbsent(name, absent -> new Key());
    }

    /** Keys that somebody acknowledged though no body ran: their traces will never be written. */
    public synchronized long lost() {
        return keys.values().stream()
                .filter(key -> key.acknowledged && key.bodies.isEmpty())
                .count();
    }

    /** Bodies beyond the first of their key. */
    public synchronized long dup() {
        return keys.values().stream()
                .mapToLong(key -> Math.max(0, key.bodies.size() - 1))
                .sum();
    }

    /** Keys whose body ran more than once. */
    public synchronized Set<String> duplicated() {
        Set<String> duplicated = new TreeSet<>();
        keys.forEach((name, key) -> {
            if (key.bodies.size() > 1) {
                duplicated.add(name);
            }
        });
        return duplicated;
    }

    /** Trace ids that callers were told, beyond the first of their key. */
    public synchronized long dupId() {
        return keys.values().stream()
                .mapToLong(key -> Math.max(0, key.traceIds.size() - 1))
                .sum();
    }

    /** Keys for which a caller was left without a decision. */
    public synchronized long stuck() {
        return keys.values().stream()
                .filter(key -> key.undecided || !key.acknowledged && key.conflicts == 0)
                .count();
    }

    /** Conflicts: in a scenario each key has one payload, so there is no right one. */
    public synchronized long badConflict() {
        return keys.values().stream().mapToLong(key -> key.conflicts).sum();
    }

    public synchronized int bodiesOf(String key) {
        return key(key).bodies.size();
    }

    /** How many callers were answered. */
    public synchronized int answers() {
        return answers;
    }

    public synchronized int keys() {
        return keys.size();
    }

    /** For a line in the test's output, and for the message of a failed assertion. */
    @Override
    public synchronized String toString() {
        return "keys=" + keys.size() + " LOST=" + lost() + " DUP=" + dup() + " DUPID=" + dupId() + " STUCK=" + stuck()
                + " BADCONFLICT=" + badConflict();
    }
}
