package io.idempotenttrace.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * IDEs complete and explain the system properties of the agent by a file in the annotations' jar, in the form that Spring Boot has made
 * common. It is the table in code.
 */
class SettingsMetadataTest {

    private static final Path FILE = Path.of(
            "..",
            "..",
            "annotations",
            "src",
            "main",
            "resources",
            "META-INF",
            "additional-spring-configuration-metadata.json");

    /** An IDE offers the names in application.properties too, which the agent can't read: it starts before the application does. */
    private static final String WHERE =
            "For the JVM, by -D or the environment variable %s, not in application.properties: ";

    private static String metadata() {
        List<String> properties = new ArrayList<>();
        List<String> hints = new ArrayList<>();
        for (Setting setting : Setting.values()) {
            if (setting.onlyPerScope()) {
                continue;
            }
            String name = text(setting.property());
            properties.add("    {\n      \"name\": " + name
                    + ",\n      \"type\": \"java.lang.String\",\n      \"description\": "
                    + text(String.format(WHERE, setting.environmentVariable()) + setting.meaning() + " ("
                            + setting.allowed().replace("|", ", ") + ").")
                    + (setting.defaultValue().isEmpty()
                            ? ""
                            : ",\n      \"defaultValue\": " + text(setting.defaultValue()))
                    + "\n    }");
            if (setting.kind() == ValueKind.CHOICE) {
                List<String> values = new ArrayList<>();
                for (String value : setting.allowed().split("\\|")) {
                    values.add("{\"value\": " + text(value) + "}");
                }
                hints.add("    {\n      \"name\": " + name + ",\n      \"values\": [" + String.join(", ", values)
                        + "]\n    }");
            }
        }
        return "{\n  \"properties\": [\n" + String.join(",\n", properties) + "\n  ],\n  \"hints\": [\n"
                + String.join(",\n", hints) + "\n  ]\n}\n";
    }

    private static String text(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    @Test
    void theFileForIdesHoldsTheTableOfSettings() throws IOException {
        String expected = metadata();
        assertEquals(
                expected,
                Files.exists(FILE) ? Files.readString(FILE) : "",
                () -> "annotations/src/main/resources/META-INF/" + FILE.getFileName() + " should read:\n" + expected);
    }
}
