package io.idempotenttrace.chaos.simulation;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What the oracle knows of one key. */
final class KeyState {

    /** A claim that Redis granted. */
    static final class Grant {

        final String owner;
        final long at;
        long leaseEnd;
        /** When its completion was applied; -1 before. */
        long completedAt = -1;
        /** Whether a failure of it was applied. */
        boolean failed;
        /** Whether it was completed, failed or given back. */
        boolean over;

        Grant(String owner, long at, long leaseEnd) {
            this.owner = owner;
            this.at = at;
            this.leaseEnd = leaseEnd;
        }
    }

    /** How the call was told to run the body. */
    enum Told {
        GUARDED,
        /** By the guard, as a call that the other calls of its process know. */
        UNGUARDED,
        /** By the guard, as one that nobody knows. */
        UNKNOWN,
        /** By an Error of the guard's, with a policy that lets the body run. */
        BY_A_FAULT
    }

    /** One run of a body. */
    static final class Body {

        final KeyState key;
        final Process process;
        final int number;
        final int payload;
        final Told told;
        /** Empty where the call has none. */
        final String owner;

        final long begun;
        /** When it ran to its end; -1 before, and for one that failed. */
        long ended = -1;

        boolean failed;
        /** Whether its process has sent a completion of the key since it ended. */
        boolean completionSent;
        /** Whether Redis has run a completion of the key by its process since it ended. */
        boolean completionArrived;
        /** Whether its process said that the completion is given up. */
        boolean completionGivenUp;
        /** When its call returned; -1 before. */
        long returnedAt = -1;
        /** Whether an Error was thrown in its call. */
        boolean hadError;
        /** Left as the result of a failure that no retry changes. */
        boolean failedForGood;

        Body(KeyState key, Process process, int number, int payload, Told told, String owner, long begun) {
            this.key = key;
            this.process = process;
            this.number = number;
            this.payload = payload;
            this.told = told;
            this.owner = owner;
            this.begun = begun;
        }

        String traceId() {
            return "t-" + key.name + "-" + number;
        }

        String result() {
            return "\"r-" + key.name + "-" + number + "\"";
        }

        /** Whether the guard knows of it: then it is to tell Redis how it ended. */
        boolean isKnown() {
            return told == Told.GUARDED || told == Told.UNGUARDED;
        }

        boolean isRunning() {
            return ended < 0 && !failed && !process.isDead();
        }
    }

    /** What the body of a worker of another kind has left for duplicates. */
    record Left(int payload, String traceId, String result) {}

    final String name;
    final List<Body> bodies = new ArrayList<>();
    final List<Left> leftByStrangers = new ArrayList<>();
    /** Whether a body of a worker with five fields ran to its end: such a worker leaves nothing for duplicates. */
    boolean completedByFiveFields;

    final Set<Integer> payloadsGranted = new LinkedHashSet<>();
    Grant grant;
    /** When Redis last lost something of the record; -1 if it has not. */
    long lostAt = -1;

    KeyState(String name) {
        this.name = name;
    }
}
