package io.idempotenttrace.applications;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** What .github tells the host of the repository is YAML, and says what it should. Here, since Spring Boot brings a parser. */
class HostingFilesTest {

    private static final Path FOLDER = Path.of("..", "..", ".github");

    private static Map<String, Object> read(String file) throws IOException {
        return new Yaml().load(Files.readString(FOLDER.resolve(file)));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> part(Map<String, Object> of, String name) {
        return (Map<String, Object>) of.get(name);
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> parts(Map<String, Object> of, String name) {
        return (List<Map<String, Object>>) of.get(name);
    }

    @Test
    void theBuildRunsAllTestsOnBothJdks() throws IOException {
        Map<String, Object> test = part(part(read("workflows/build.yml"), "jobs"), "test");
        assertEquals(List.of("17", "25"), part(part(test, "strategy"), "matrix").get("java"));
        assertTrue(parts(test, "steps").stream().anyMatch(step -> ".ci/run".equals(step.get("run"))), () -> "" + test);
        assertTrue(Files.isExecutable(Path.of("..", "..", ".ci", "run")));
    }

    @Test
    void newerVersionsAreProposedForFoldersThatAreThere() throws IOException {
        for (Map<String, Object> update : parts(read("dependabot.yml"), "updates")) {
            String folder = (String) update.get("directory");
            assertTrue(Files.isDirectory(Path.of("..", "..", folder.substring(1))), folder);
        }
    }

    @Test
    void eachFieldOfAFormHasAnIdAndALabel() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER.resolve("ISSUE_TEMPLATE"))) {
            List<String> forms = files.map(file -> "ISSUE_TEMPLATE/" + file.getFileName())
                    .filter(file -> !file.endsWith("config.yml"))
                    .toList();
            assertFalse(forms.isEmpty());
            for (String form : forms) {
                Map<String, Object> read = read(form);
                assertTrue(read.containsKey("name") && read.containsKey("description"), form);
                for (Map<String, Object> field : parts(read, "body")) {
                    assertTrue(
                            "markdown".equals(field.get("type"))
                                    || field.containsKey("id")
                                            && part(field, "attributes").containsKey("label"),
                            () -> form + ": " + field);
                }
            }
        }
    }
}
