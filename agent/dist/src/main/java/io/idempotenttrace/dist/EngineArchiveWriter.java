package io.idempotenttrace.dist;

import io.idempotenttrace.agent.EngineArchive;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.Deflater;

/** Run by the build: packs a folder into the archive that {@link EngineArchive} reads. No part of the agent. */
public final class EngineArchiveWriter {

    private record Entry(String name, int offset, int deflatedBytes, int bytes) {}

    private final TreeMap<Long, Entry> entries = new TreeMap<>();
    private final ByteArrayOutputStream contents = new ByteArrayOutputStream();

    private EngineArchiveWriter() {}

    /** @param arguments the folder, the archive's file */
    public static void main(String[] arguments) throws IOException {
        EngineArchiveWriter writer = new EngineArchiveWriter();
        Path folder = Path.of(arguments[0]);
        try (Stream<Path> files = Files.walk(folder)) {
            // In order of name, so that the same classes make the same archive.
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                writer.add(folder.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
            }
        }
        writer.write(Path.of(arguments[1]));
    }

    private void add(String name, byte[] content) {
        byte[] deflated = deflate(content);
        Entry entry = new Entry(name, contents.size(), deflated.length, content.length);
        Entry other = entries.put(EngineArchive.hash(name), entry);
        if (other != null) {
            throw new IllegalStateException(
                    name + " and " + other.name + " have the same hash; give EngineArchive.hash another factor");
        }
        contents.writeBytes(deflated);
    }

    private static byte[] deflate(byte[] content) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, /* nowrap= */ true);
        deflater.setInput(content);
        deflater.finish();
        ByteArrayOutputStream deflated = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        while (!deflater.finished()) {
            deflated.write(buffer, 0, deflater.deflate(buffer));
        }
        deflater.end();
        return deflated.toByteArray();
    }

    private void write(Path file) throws IOException {
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            DataOutputStream directory = new DataOutputStream(whole);
            directory.writeInt(entries.size());
            for (var each : entries.entrySet()) {
                directory.writeLong(each.getKey());
                directory.writeInt(each.getValue().offset);
                directory.writeInt(each.getValue().deflatedBytes);
                directory.writeInt(each.getValue().bytes);
            }
            out.write(whole.toByteArray());
            out.write(contents.toByteArray());
        }
    }
}
