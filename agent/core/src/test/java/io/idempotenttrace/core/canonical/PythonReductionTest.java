package io.idempotenttrace.core.canonical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a document is the same here and by {@code reduced.py}, which stands beside the specification for workers in Python. */
class PythonReductionTest {

    private static final String SCRIPT =
            Path.of("src", "test", "python", "reduction.py").toString();
    private static final String[] NAMES = {"a", "b", "c", "0", "1"};

    @TempDir
    Path folder;

    @Test
    void pythonLeavesTheSame() throws Exception {
        PayloadHasher hasher = new PayloadHasher(CanonicalForm.PYTHON);
        Random random = new Random(20260103);
        StringBuilder input = new StringBuilder();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            Object document = document(random, 4);
            List<List<String>> include = pointers(random);
            List<List<String>> exclude = pointers(random);
            boolean drop = random.nextBoolean();
            Map<String, Object> line = Map.of(
                    "document",
                    List.of(document),
                    "include",
                    withIndex(include),
                    "exclude",
                    withIndex(exclude),
                    "drop",
                    drop);
            input.append(new String(hasher.canonical(line, Exclusions.NONE), StandardCharsets.UTF_8))
                    .append('\n');
            try {
                expected.add(hasher.hash(
                        List.of(document),
                        Exclusions.parse(texts(withIndex(include)), texts(withIndex(exclude)))
                                .ofNullMembers(drop)));
            } catch (UnhashableException e) {
                expected.add("nothing");
            }
        }
        assertTrue(
                Collections.frequency(expected, "nothing") > 100 && Collections.frequency(expected, "nothing") < 1500,
                "both ways are met");
        assertEquals(expected, OtherLanguages.run(folder, input.toString(), "python3", SCRIPT));
    }

    private static Object document(Random random, int depth) {
        int kind = random.nextInt(depth == 0 ? 3 : 9);
        if (kind < 3) {
            return kind == 0 ? random.nextInt(3) : kind == 1 ? "text" : Collections.emptyMap();
        }
        if (kind < 5) {
            List<Object> list = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                list.add(random.nextInt(4) == 0 ? null : document(random, depth - 1));
            }
            return list;
        }
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            map.put(NAMES[random.nextInt(NAMES.length)], random.nextInt(3) == 0 ? null : document(random, depth - 1));
        }
        return map;
    }

    private static List<List<String>> pointers(Random random) {
        List<List<String>> pointers = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            List<String> names = new ArrayList<>();
            for (int j = 1 + random.nextInt(3); j > 0; j--) {
                int name = random.nextInt(NAMES.length + 1);
                names.add(name == NAMES.length ? "*" : NAMES[name]);
            }
            pointers.add(names);
        }
        return pointers;
    }

    /** The documents stand in a list, so that none of them is null. */
    private static List<List<String>> withIndex(List<List<String>> pointers) {
        List<List<String>> longer = new ArrayList<>();
        for (List<String> names : pointers) {
            List<String> all = new ArrayList<>(List.of("0"));
            all.addAll(names);
            longer.add(all);
        }
        return longer;
    }

    private static List<String> texts(List<List<String>> pointers) {
        return pointers.stream().map(names -> "/" + String.join("/", names)).toList();
    }
}
