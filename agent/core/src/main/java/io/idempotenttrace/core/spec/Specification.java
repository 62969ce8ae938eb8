package io.idempotenttrace.core.spec;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The files for people who write a client in another language. Each is read when it is asked for. */
public final class Specification {

    /** Beside the store that runs them. */
    private static final String SCRIPTS = "/io/idempotenttrace/core/store/redis/";

    private static final List<String> STEPS =
            List.of("claim", "complete", "fail", "renew", "delete", "status", "release");
    private static final List<String> DOCUMENTS = List.of("RECORD.md", "conformance.jsonl", "reduced.py");

    private Specification() {}

    /**
     * The scripts as a client loads them, by the names of their files.
     *
     * @return each with {@code record.lua} in front, which has what they share; in the order of a call
     * @throws IllegalStateException if one is missing from the class path
     */
    public static Map<String, String> scripts() {
        String shared = read(SCRIPTS + "record.lua");
        Map<String, String> scripts = new LinkedHashMap<>();
        for (String step : STEPS) {
            scripts.put(step + ".lua", shared + read(SCRIPTS + step + ".lua"));
        }
        return scripts;
    }

    /**
     * The page that specifies the record, and the cases that a client has to pass, by the names of their files.
     *
     * @throws IllegalStateException if one is missing from the class path
     */
    public static Map<String, String> documents() {
        Map<String, String> documents = new LinkedHashMap<>();
        for (String document : DOCUMENTS) {
            documents.put(document, read(document));
        }
        return documents;
    }

    private static String read(String resource) {
        try (InputStream in = Specification.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(
                        resource + " is missing on the class path of " + Specification.class.getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
