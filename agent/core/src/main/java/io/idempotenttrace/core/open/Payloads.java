package io.idempotenttrace.core.open;

import io.idempotenttrace.core.canonical.CanonicalForm;
import io.idempotenttrace.core.canonical.Exclusions;
import io.idempotenttrace.core.canonical.PayloadHasher;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The canonical JSON of a Java value and its hash, as the agent makes them with its default settings: byte for byte what Python's
 * {@code json.dumps(value, sort_keys=True, separators=(",", ":"))} writes for the same JSON. The settings of this JVM do not count
 * here, neither {@code canonical-form} nor {@code hash-secret}: {@link IdempotentCalls} follows them.
 *
 * <p>Safe for use by many threads.
 */
public final class Payloads {

    /** Made when it is first needed. */
    private static final class Default {

        static final PayloadHasher HASHER = new PayloadHasher(CanonicalForm.PYTHON);
    }

    private Payloads() {}

    /**
     * The canonical JSON of a value; how Java values map to JSON is told in agent/docs/payload-and-hash.md.
     *
     * @param value a map, list, bean, record, text, number, Jackson tree, ...; null gives {@code null}. JSON that is already text is a
     *        text: it is written in quotes
     * @return JSON text, of the form {@code python}
     * @throws io.idempotenttrace.core.canonical.UnhashableException if the value has no canonical JSON, such as a stream, a cycle, or an
     *         object of which only a part is seen; the message names the place and what to do
     */
    public static String canonicalJson(@Nullable Object value) {
        return new String(Default.HASHER.canonical(value, Exclusions.NONE), StandardCharsets.UTF_8);
    }

    /**
     * SHA-256 of {@link #canonicalJson}, in UTF-8, as 64 lower-case hex digits. No text is made on the way.
     *
     * @param value as for {@link #canonicalJson}
     * @return the hash that {@link IdempotentCalls#checkHash} takes, where the settings leave the canonical form as it is
     * @throws io.idempotenttrace.core.canonical.UnhashableException as {@link #canonicalJson}
     */
    public static String hashRequest(@Nullable Object value) {
        return Default.HASHER.hash(value, Exclusions.NONE);
    }
}
