package io.idempotenttrace.dist;

import io.idempotenttrace.agent.EngineArchive;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Set;

/** The names of what an engine archive holds. The archive stores only their hashes, so a name can be asked for but not listed. */
final class PackedNames {

    private final Set<Long> hashes;

    private PackedNames(Set<Long> hashes) {
        this.hashes = hashes;
    }

    /** Reads the directory of an archive; see {@link EngineArchive} for its form. */
    static PackedNames of(InputStream archive) throws IOException {
        DataInputStream in = new DataInputStream(archive);
        int count = in.readInt();
        Set<Long> hashes = new HashSet<>();
        for (int i = 0; i < count; i++) {
            hashes.add(in.readLong());
            in.skipNBytes(EngineArchive.ENTRY_BYTES - Long.BYTES);
        }
        return new PackedNames(hashes);
    }

    boolean contains(String name) {
        return hashes.contains(EngineArchive.hash(name));
    }

    int size() {
        return hashes.size();
    }
}
