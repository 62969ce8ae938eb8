package io.idempotenttrace.weaver;

import io.idempotenttrace.config.OneLineJson;
import io.idempotenttrace.core.guard.VerdictLog;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The last calls that were not new, as lines of JSON. */
final class VerdictLines {

    /** Bytes of a key's SHA-256 that are shown: enough to find a key again whose text one knows. */
    private static final int SHOWN_BYTES = 8;

    private VerdictLines() {}

    static List<String> of(List<VerdictLog.Entry> entries, boolean showKeys) {
        List<String> lines = new ArrayList<>();
        for (VerdictLog.Entry entry : entries) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("time", Instant.ofEpochMilli(entry.timeMillis()));
            line.put("method", entry.method());
            line.put("tenant", entry.id().tenant());
            line.put("scope", entry.id().scope());
            line.put("key", showKeys ? entry.id().key() : hashed(entry.id().key()));
            line.put("verdict", entry.ending().label());
            line.put("waitMillis", entry.waitedMillis());
            lines.add(OneLineJson.of(line));
        }
        return lines;
    }

    private static String hashed(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(digest, 0, SHOWN_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
