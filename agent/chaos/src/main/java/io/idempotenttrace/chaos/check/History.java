package io.idempotenttrace.chaos.check;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The events of a history, ordered by when they happened. */
final class History {

    private History() {}

    /**
     * Reads a file.
     *
     * @param unfinished whether the history is still written, so that its last event is missing
     * @throws MalformedHistoryException if it is cut off, or not a history
     */
    static List<Event> read(Path file, boolean unfinished) {
        List<String> lines = new ArrayList<>();
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return of(lines, unfinished);
    }

    static List<Event> of(List<String> lines, boolean unfinished) {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            events.add(Event.read(lines.get(i), i + 1));
        }
        if (events.isEmpty() || !events.get(0).name().equals("run")) {
            throw new MalformedHistoryException("the history does not begin with the event 'run'");
        }
        Event run = events.get(0);
        if (run.number("format") != 1) {
            throw new MalformedHistoryException(
                    "the history has format " + run.number("format") + "; this version knows 1");
        }
        Event last = events.get(events.size() - 1);
        if (!unfinished) {
            if (!last.name().equals("end")) {
                throw new MalformedHistoryException("the history is cut off: its last event is '" + last.name()
                        + "' in line " + lines.size() + ", and not 'end'");
            }
            if (last.number("events") != events.size() - 1) {
                throw new MalformedHistoryException("the history is damaged: it says that " + last.number("events")
                        + " events come before its end, and has " + (events.size() - 1));
            }
        }
        // Workers and harness write side by side: a line may come later than one of another process that happened after
        // it.
        events.sort(Comparator.comparingLong(Event::at));
        return events;
    }
}
