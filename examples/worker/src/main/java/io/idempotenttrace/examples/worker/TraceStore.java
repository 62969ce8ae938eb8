package io.idempotenttrace.examples.worker;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A JSON-lines file of spans. What is there stays; each span is added as one whole line, from any thread. */
final class TraceStore implements Closeable {

    private final BufferedWriter writer;

    TraceStore(Path file) throws IOException {
        writer = Files.newBufferedWriter(
                file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** @throws IOException if the line could not be written; then the message must be delivered again */
    void append(JsonNode span) throws IOException {
        String line = span.toString() + '\n';
        synchronized (writer) {
            writer.write(line);
            // Flushed before the call ends: what is acknowledged must be in the file.
            writer.flush();
        }
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
