package io.idempotenttrace.examples.kafka;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Stands for the store of traces: a file of lines to which several workers append, one at a time. */
class SpanFile {

    private final Path path;

    SpanFile(Path path) {
        this.path = path;
    }

    synchronized void append(String span) throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                FileLock lock = file.lock()) {
            ByteBuffer line = StandardCharsets.UTF_8.encode(span + "\n");
            while (line.hasRemaining()) {
                file.write(line);
            }
        }
    }
}
