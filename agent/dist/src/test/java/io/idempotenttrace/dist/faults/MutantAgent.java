package io.idempotenttrace.dist.faults;

import io.idempotenttrace.agent.EngineArchive;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** The packed agent with another script in it, for proof that a scenario notices when a mechanism is missing. */
final class MutantAgent {

    private static final String SCRIPTS = "io/idempotenttrace/core/store/redis/";

    private MutantAgent() {}

    /** @return a copy of the jar, under its name in that folder, whose script of that name is changed */
    static Path of(Path jar, Path folder, String script, UnaryOperator<String> change) {
        Path mutant = folder.resolve(jar.getFileName());
        try (ZipFile original = new ZipFile(jar.toFile());
                ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(mutant))) {
            for (ZipEntry entry : Collections.list(original.entries())) {
                byte[] content;
                try (InputStream in = original.getInputStream(entry)) {
                    content = in.readAllBytes();
                }
                write(
                        out,
                        entry,
                        entry.getName().equals(EngineArchive.ENTRY)
                                ? changed(content, SCRIPTS + script, change)
                                : content);
            }
            return mutant;
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

    /** The archive with the changed script behind its contents, and its directory led there. */
    private static byte[] changed(byte[] archive, String name, UnaryOperator<String> change) {
        ByteBuffer bytes = ByteBuffer.wrap(archive);
        int count = bytes.getInt(0);
        int contents = EngineArchive.HEADER_BYTES + count * EngineArchive.ENTRY_BYTES;
        for (int at = EngineArchive.HEADER_BYTES; at < contents; at += EngineArchive.ENTRY_BYTES) {
            if (bytes.getLong(at) == EngineArchive.hash(name)) {
                String text =
                        inflate(archive, contents + bytes.getInt(at + 8), bytes.getInt(at + 12), bytes.getInt(at + 16));
                String mutant = change.apply(text);
                if (mutant.equals(text)) {
                    throw new AssertionError("nothing to change in " + name);
                }
                byte[] changed = mutant.getBytes(StandardCharsets.UTF_8);
                byte[] deflated = deflate(changed);
                bytes.putInt(at + 8, archive.length - contents)
                        .putInt(at + 12, deflated.length)
                        .putInt(at + 16, changed.length);
                ByteBuffer whole = ByteBuffer.allocate(archive.length + deflated.length);
                return whole.put(archive).put(deflated).array();
            }
        }
        throw new AssertionError("the agent holds no " + name);
    }

    private static String inflate(byte[] archive, int offset, int deflated, int length) {
        Inflater inflater = new Inflater(/* nowrap= */ true);
        try {
            inflater.setInput(archive, offset, deflated);
            byte[] content = new byte[length];
            if (inflater.inflate(content) < length) {
                throw new AssertionError("the script ends too early");
            }
            return new String(content, StandardCharsets.UTF_8);
        } catch (DataFormatException e) {
            throw new AssertionError(e);
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
