package io.idempotenttrace.chaos.mutants;

import io.idempotenttrace.agent.EngineArchive;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** A packed agent with a planted bug. */
public final class MutantAgent {

    private MutantAgent() {}

    /**
     * Writes a copy of the jar, under its name in that folder.
     *
     * @throws IllegalStateException if the agent lacks what the mutant changes
     */
    public static Path of(Path jar, Path folder, Mutant mutant) {
        Path copy = folder.resolve(jar.getFileName());
        try (ZipFile original = new ZipFile(jar.toFile());
                ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(copy))) {
            for (ZipEntry entry : Collections.list(original.entries())) {
                byte[] content;
                try (InputStream in = original.getInputStream(entry)) {
                    content = in.readAllBytes();
                }
                if (entry.getName().equals(EngineArchive.ENTRY)) {
                    for (String file : mutant.files()) {
                        content = changed(content, file, mutant);
                    }
                }
                write(out, entry, content);
            }
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(ZipOutputStream out, ZipEntry like, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(like.getName());
        entry.setMethod(like.getMethod());
        if (like.getMethod() == ZipEntry.STORED) {
            CRC32 checksum = new CRC32();
            checksum.update(content);
            entry.setSize(content.length);
            entry.setCrc(checksum.getValue());
        }
        out.putNextEntry(entry);
        out.write(content);
        out.closeEntry();
    }

    /** The archive with the changed file behind its contents, and its directory led there. */
    private static byte[] changed(byte[] archive, String name, Mutant mutant) {
        ByteBuffer bytes = ByteBuffer.wrap(archive.clone());
        int count = bytes.getInt(0);
        int contents = EngineArchive.HEADER_BYTES + count * EngineArchive.ENTRY_BYTES;
        for (int at = EngineArchive.HEADER_BYTES; at < contents; at += EngineArchive.ENTRY_BYTES) {
            if (bytes.getLong(at) == EngineArchive.hash(name)) {
                byte[] changed = mutant.file(
                        name,
                        inflate(
                                archive,
                                contents + bytes.getInt(at + 8),
                                bytes.getInt(at + 12),
                                bytes.getInt(at + 16)));
                byte[] deflated = deflate(changed);
                bytes.putInt(at + 8, archive.length - contents)
                        .putInt(at + 12, deflated.length)
                        .putInt(at + 16, changed.length);
                ByteBuffer whole = ByteBuffer.allocate(archive.length + deflated.length);
                return whole.put(bytes.array()).put(deflated).array();
            }
        }
        throw new IllegalStateException("the agent holds no " + name + "; adapt the mutant " + mutant.title());
    }

    private static byte[] inflate(byte[] archive, int offset, int deflated, int length) {
        Inflater inflater = new Inflater(/* nowrap= */ true);
        try {
            inflater.setInput(archive, offset, deflated);
            byte[] content = new byte[length];
            if (inflater.inflate(content) < length) {
                throw new IllegalStateException("a file of the agent's engine ends too early");
            }
            return content;
        } catch (DataFormatException e) {
            throw new IllegalStateException("the agent's engine is damaged", e);
        } finally {
            inflater.end();
        }
    }

    private static byte[] deflate(byte[] content) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, /* nowrap= */ true);
        try {
            deflater.setInput(content);
            deflater.finish();
            ByteArrayOutputStream deflated = new ByteArrayOutputStream();
            byte[] buffer = new byte[8192];
            while (!deflater.finished()) {
                deflated.write(buffer, 0, deflater.deflate(buffer));
            }
            return deflated.toByteArray();
        } finally {
            deflater.end();
        }
    }
}
