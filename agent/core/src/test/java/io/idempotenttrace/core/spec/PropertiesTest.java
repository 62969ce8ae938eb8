package io.idempotenttrace.core.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.testkit.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What PROPERTIES.md names is there: test classes that say which property they check, planted bugs, and their counterexamples. */
class PropertiesTest {

    private static final Path SPEC = SharedData.repository().resolve("agent/core/src/main/spec");
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

    private record Property(String number, String checks, List<String> mutants) {

        boolean isModelled() {
            return checks.startsWith("model");
        }
    }

    private final Map<String, Property> properties = new LinkedHashMap<>();
    /** The table of planted bugs, by name. */
    private final Map<String, String> planted = new LinkedHashMap<>();
    /** The model's mutants: each name and the property that it violates, as "name P1". */
    private final List<String> modelled = new ArrayList<>();

    PropertiesTest() throws IOException {
        for (String line : Files.readAllLines(SPEC.resolve("PROPERTIES.md"))) {
            String[] cells = line.split("\\|");
            if (line.matches("\\| P\\d+ \\|.*")) {
                String number = cells[1].trim();
                Property row = new Property(number, cells[3].trim(), quoted(cells[4]));
                assertEquals(null, properties.put(number, row), number + " is there twice");
            } else if (line.startsWith("| `")) {
                planted.put(quoted(cells[1]).get(0), line);
            }
        }
        for (String line : Files.readAllLines(SPEC.resolve("model/mutants.txt"))) {
            String[] words = line.split(" ");
            if (!line.startsWith("#") && words.length > 2) {
                modelled.add(words[0] + " " + words[1]);
            }
        }
    }

    private static List<String> quoted(String cell) {
        return QUOTED.matcher(cell).results().map(found -> found.group(1)).toList();
    }

    private static Map<String, Path> testClasses() throws IOException {
        try (Stream<Path> files = Files.walk(SharedData.repository().resolve("agent"))) {
            Map<String, Path> classes = new TreeMap<>();
            files.filter(file -> file.toString().contains("/src/test/java/")
                            && file.toString().endsWith(".java"))
                    .forEach(file -> classes.put(file.getFileName().toString().replace(".java", ""), file));
            return classes;
        }
    }

    @Test
    void thereAreThirtyOrMoreAndEachIsCheckedAndHasAMutantThatIsListed() {
        assertTrue(properties.size() >= 30, "properties: " + properties.keySet());
        for (Property property : properties.values()) {
            assertFalse(property.checks.isEmpty(), property.number + " is checked nowhere");
            assertFalse(property.mutants.isEmpty(), property.number + " names no mutant");
            property.mutants.forEach(mutant -> assertTrue(
                    planted.containsKey(mutant), property.number + ": no row says what " + mutant + " changes"));
        }
    }

    @Test
    void eachTestClassIsThereAndSaysThatItChecksTheProperty() throws IOException {
        Map<String, Path> classes = testClasses();
        for (Property property : properties.values()) {
            for (String name : quoted(property.checks)) {
                Path file = classes.get(name);
                assertNotNull(file, property.number + ": there is no test class " + name);
                Matcher mark = Pattern.compile("\\[[P0-9, ]*\\b" + property.number + "\\b[P0-9, ]*\\]")
                        .matcher(Files.readString(file));
                assertTrue(mark.find(), name + " has no mark [" + property.number + "] at a test that checks it");
            }
        }
    }

    @Test
    void eachPropertyOfTheModelHasAMutantOfTheModelAndEachOfThoseItsCounterexample() throws IOException {
        for (Property property : properties.values()) {
            boolean hasMutant = modelled.stream().anyMatch(mutant -> mutant.endsWith(" " + property.number));
            assertEquals(property.isModelled(), hasMutant, property.number + ", in model/mutants.txt: " + modelled);
        }
        for (String mutant : modelled) {
            String name = mutant.substring(0, mutant.indexOf(' '));
            String number = mutant.substring(mutant.indexOf(' ') + 1);
            assertTrue(planted.containsKey(name), "no row says what " + name + " changes");
            assertTrue(
                    properties.containsKey(number)
                            && properties.get(number).mutants.contains(name),
                    number + " does not name " + name);
            String trail = Files.readString(SPEC.resolve("model/counterexamples/" + name + ".txt"));
            assertTrue(trail.contains(name + " violates " + number), trail);
        }
    }
}
