package io.idempotenttrace.weaver;

import io.idempotenttrace.bridge.AgentLog;
import io.idempotenttrace.core.guard.Guard;
import io.idempotenttrace.core.guard.GuardLog;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;

/**
 * What is said at the end of the JVM beside the counts: what is not as it should be. Made at the start, since a JVM that ends for lack of
 * memory may load no class.
 */
final class LastLines {

    private final GuardLog log;

    LastLines(GuardLog log) {
        this.log = log;
    }

    void say(Guard guard) {
        sayCompletions(guard);
        sayDropped(guard);
        sayUnreadable(guard);
        sayNewer(guard);
    }

    private void sayCompletions(Guard guard) {
        long pending = guard.pendingCompletions();
        long lost = guard.lostCompletions();
        long unacknowledged = guard.unacknowledgedCompletions();
        long refused = guard.refusedCompletions();
        if (pending + lost + unacknowledged + refused > 0) {
            log.say(
                    "completions: pending=" + pending + " lost=" + lost + " unacknowledged=" + unacknowledged
                            + " refused=" + refused
                            + "; the store does not know of those that are pending or lost: a redelivery may run again what ran");
        }
    }

    private void sayDropped(Guard guard) {
        long dropped = guard.droppedRecords();
        if (dropped > 0) {
            log.say("records in memory: dropped=" + dropped
                    + " completed ones before their time, for lack of room; a redelivery may run their bodies again");
        }
    }

    private void sayUnreadable(Guard guard) {
        long unreadable = guard.unreadableResults();
        if (unreadable > 0) {
            log.say(
                    "stored results: unreadable=" + unreadable
                            + "; they could not be decrypted, or were not encrypted (plain-results=refuse), so that duplicates got none");
        }
    }

    private void sayNewer(Guard guard) {
        long newer = guard.newerRecords();
        if (newer > 0) {
            log.say("records of a newer version: met=" + newer
                    + " times; their keys were treated as in progress. Finish the update of all workers");
        }
    }

    /**
     * A server that puts its own log in the place of stderr, as WildFly does, has closed it by now: the line would be lost. So has Spring
     * Boot the application's own logging ({@code log=slf4j}), which then drops lines without a word. Where the log still writes, the line is
     * there twice.
     */
    static void sayBelow(String last) {
        if (AgentLog.isApplication() || AgentLog.isStderr() && System.err.getClass() != PrintStream.class) {
            PrintStream below =
                    new PrintStream(new FileOutputStream(FileDescriptor.err), true, Charset.defaultCharset());
            below.println(AgentLog.onStderr(AgentLog.INFO, GuardLog.printable(last)));
        }
    }
}
