package io.idempotenttrace.chaos.check;

import java.util.ArrayList;
import java.util.List;

/** What happened to the process of a worker. Times are microseconds. */
final class WorkerLife {

    long killed = Call.NEVER;
    long ended = Call.NEVER;
    final List<Long> pauses = new ArrayList<>();

    void state(Event event) {
        switch (event.text("state")) {
            case "started", "resumed", "stopping" -> {
                // Neither excuses anything: who is asked to stop completes what runs.
            }
            case "killed" -> killed = Math.min(killed, event.at());
            case "paused" -> pauses.add(event.at());
            case "exited" -> ended = Math.min(ended, event.at());
            default ->
                throw new MalformedHistoryException("line " + event.line()
                        + " of the history: no worker has the state '" + event.text("state") + "'");
        }
    }

    boolean isAliveAt(long time) {
        return killed > time && ended > time;
    }

    boolean wasPausedBetween(long from, long to) {
        return pauses.stream().anyMatch(pause -> from <= pause && pause <= to);
    }
}
