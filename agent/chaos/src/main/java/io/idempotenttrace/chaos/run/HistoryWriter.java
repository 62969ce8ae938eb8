package io.idempotenttrace.chaos.run;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Writes what happens, a JSON object a line. Safe for use by many threads. */
final class HistoryWriter implements AutoCloseable {

    private final Path file;
    private final BufferedWriter out;
    private long events;
    private boolean closed;

    HistoryWriter(Path file) throws IOException {
        this.file = file;
        this.out = Files.newBufferedWriter(file);
    }

    Path file() {
        return file;
    }

    /** Microseconds of the machine's monotonic clock. */
    static long now() {
        return System.nanoTime() / 1000;
    }

    /** Something happens now. */
    void event(String name, Object... fields) {
        eventAt(now(), name, fields);
    }

    /**
     * Something happened. Of no effect when the history is closed: workers that are killed at the end of a run may still be heard.
     *
     * @param fields name, value, name, value, ...: texts, numbers, booleans, lists of texts
     */
    synchronized void eventAt(long at, String name, Object... fields) {
        if (closed) {
            return;
        }
        StringBuilder line = new StringBuilder("{\"e\":")
                .append(quoted(name))
                .append(",\"at\":")
                .append(at);
        for (int i = 0; i < fields.length; i += 2) {
            line.append(',').append(quoted((String) fields[i])).append(':').append(value(fields[i + 1]));
        }
        try {
            out.write(line.append("}\n").toString());
            events++;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    synchronized void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String value(Object value) {
        if (value instanceof Number || value instanceof Boolean) {
            return value.toString();
        }
        if (value instanceof List<?> list) {
            return list.stream().map(HistoryWriter::value).collect(Collectors.joining(",", "[", "]"));
        }
        return quoted((String) value);
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    /** Writes the last line, which says how many came before it. */
    @Override
    public synchronized void close() {
        event("end", "events", events);
        closed = true;
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
