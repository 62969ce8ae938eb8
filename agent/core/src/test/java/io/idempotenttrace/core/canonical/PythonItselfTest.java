package io.idempotenttrace.core.canonical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random documents, hashed here and by Python and Node on this machine; skipped where those are not. What the README promises rests on
 * {@link CanonicalVectorsTest} and {@link CanonicalFormVectorsTest}, which need neither.
 */
class PythonItselfTest {

    private static final String SCRIPT =
            Path.of("src", "test", "python", "canonical_vectors.py").toString();
    private static final String NODE_SCRIPT =
            Path.of("src", "test", "node", "jcs.js").toString();

    @TempDir
    Path folder;

    @Test
    void someHundredRandomDocumentsHashAsInPython() throws Exception {
        compare(300, 1);
    }

    /** About half a minute. More than 20,000 documents, since some have no form in JCS. */
    @Tag("matrix")
    @Test
    void twentyThousandRandomDocumentsOfEachFormHashAsInPythonAndNode() throws Exception {
        Map<CanonicalForm, Integer> compared = compare(24_000, 20260102);
        System.out.println("hashed alike here and by Python, of each form: " + compared);
        compared.forEach((form, count) -> assertEquals(true, count >= 20_000, form + ": " + count));
    }

    private Map<CanonicalForm, Integer> compare(int count, int seed) throws IOException, InterruptedException {
        List<String> lines = OtherLanguages.run(
                folder, "", "python3", SCRIPT, "random", Integer.toString(count), Integer.toString(seed));
        Map<CanonicalForm, Integer> compared = new EnumMap<>(CanonicalForm.class);
        Map<CanonicalForm, PayloadHasher> hashers = new EnumMap<>(CanonicalForm.class);
        for (CanonicalForm form : CanonicalForm.values()) {
            hashers.put(form, new PayloadHasher(form));
        }
        List<String> forNode = new ArrayList<>();
        List<String> ofNode = new ArrayList<>();
        for (String line : lines) {
            Map<?, ?> vector = (Map<?, ?>) JsonReader.read(line);
            String input = (String) vector.get("input");
            Object document = PythonValues.read(input);
            hashers.forEach((form, hasher) -> {
                if (!vector.containsKey(form.key())) {
                    return;
                }
                if (vector.get(form.key()) == null) {
                    assertThrows(UnhashableException.class, () -> hasher.hash(document, Exclusions.NONE), input);
                } else {
                    assertEquals(
                            vector.get(form.key()),
                            hasher.hash(document, Exclusions.NONE),
                            form.key() + " of " + input);
                    compared.merge(form, 1, Integer::sum);
                }
            });
            if (vector.get("jcs") != null) {
                forNode.add(input);
                ofNode.add((String) vector.get("jcs"));
            }
        }
        assertEquals(ofNode, OtherLanguages.run(folder, String.join("\n", forNode) + "\n", "node", NODE_SCRIPT));
        return compared;
    }
}
