package io.idempotenttrace.agent;

import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.util.jar.JarFile;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/**
 * The engine's classes and resources: one stored entry of the agent's jar, not one entry for each, since the JVM reads a jar's
 * whole directory several times before {@code main}; thousands of entries cost it 20 ms there.
 *
 * <p>The archive begins with a directory sorted by the hash of the name, so that it is searched as it lies in the file: no
 * object is made of an entry. Written by the build's {@code EngineArchiveWriter}. All numbers are big-endian:
 * <pre>
 * int   count
 * count times, ascending by hash:
 *   long  hash of the name, see {@link #hash(String)}; no two names have the same
 *   int   offset of the content from the end of the directory
 *   int   bytes of the deflated content (RFC 1951, no header)
 *   int   bytes of the content
 * the contents
 * </pre>
 * A name that the archive lacks is taken for another one with a probability of count / 2^64.
 */
public final class EngineArchive {

    /** The name of the entry in the jar. */
    public static final String ENTRY = "engine.archive";
    /** Bytes of the directory before its first entry, and of each entry. */
    public static final int HEADER_BYTES = 4;

    public static final int ENTRY_BYTES = 20;

    private final JarFile jar;
    private final ZipEntry archive;
    private final byte[] directory;

    private EngineArchive(JarFile jar, ZipEntry archive, byte[] directory) {
        this.jar = jar;
        this.archive = archive;
        this.directory = directory;
    }

    /**
     * Opens the jar, which stays open as long as the JVM lives.
     *
     * @throws IOException if it can't be read, or holds no engine: then it is not the agent's own jar
     */
    static EngineArchive open(File jar) throws IOException {
        // Without verification: signatures are checked slowly before the JIT has warmed up.
        JarFile opened = new JarFile(jar, false);
        ZipEntry archive = opened.getEntry(ENTRY);
        if (archive == null) {
            opened.close();
            throw new IOException(jar + " is not the agent's own jar (its classes were copied into it?); use"
                    + " idempotent-trace-agent.jar as it is");
        }
        try (InputStream in = opened.getInputStream(archive)) {
            int count = intAt(in.readNBytes(HEADER_BYTES), 0);
            return new EngineArchive(opened, archive, in.readNBytes(count * ENTRY_BYTES));
        }
    }

    /** The content of that name; null if there is none. */
    byte @Nullable [] read(String name) throws IOException {
        int entry = find(hash(name));
        if (entry < 0) {
            return null;
        }
        byte[] deflated = new byte[intAt(directory, entry + 12)];
        try (InputStream in = jar.getInputStream(archive)) {
            // A stored entry: the stream seeks.
            in.skipNBytes(HEADER_BYTES + directory.length + (long) intAt(directory, entry + 8));
            if (in.readNBytes(deflated, 0, deflated.length) < deflated.length) {
                throw new EOFException(jar.getName() + " ends too early");
            }
        }
        return inflate(deflated, intAt(directory, entry + 16));
    }

    boolean contains(String name) {
        return find(hash(name)) >= 0;
    }

    private byte[] inflate(byte[] deflated, int length) throws IOException {
        Inflater inflater = new Inflater(/* nowrap= */ true);
        try {
            inflater.setInput(deflated);
            byte[] content = new byte[length];
            int done = 0;
            while (done < length) {
                int more = inflater.inflate(content, done, length - done);
                if (more == 0) {
                    throw new EOFException(jar.getName() + " is damaged");
                }
                done += more;
            }
            return content;
        } catch (DataFormatException e) {
            throw new IOException(jar.getName() + " is damaged", e);
        } finally {
            inflater.end();
        }
    }

    /** The entry's position in the directory; -1 if no name has that hash. */
    private int find(long hash) {
        int low = 0;
        int high = directory.length / ENTRY_BYTES - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int position = middle * ENTRY_BYTES;
            long found = (long) intAt(directory, position) << 32 | intAt(directory, position + 4) & 0xffffffffL;
            if (found == hash) {
                return position;
            }
            if (found < hash) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    /** Two hashes of 32 bits: {@link String#hashCode()}, which the JVM computes fast and keeps, and the same with another factor. */
    public static long hash(String name) {
        int other = 1;
        for (int i = 0; i < name.length(); i++) {
            other = other * 0x01000193 ^ name.charAt(i);
        }
        return (long) name.hashCode() << 32 | other & 0xffffffffL;
    }

    private static int intAt(byte[] bytes, int at) {
        return bytes[at] << 24 | (bytes[at + 1] & 0xff) << 16 | (bytes[at + 2] & 0xff) << 8 | bytes[at + 3] & 0xff;
    }
}
