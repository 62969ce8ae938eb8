package io.idempotenttrace.examples.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.testkit.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What agent/docs/library.md shows of the library is this example, line by line. */
class LibraryPageTest {

    private static final Path SOURCE =
            Path.of("examples/library/src/main/java/io/idempotenttrace/examples/library/SpanConsumer.java");

    @Test
    void linesOfThePageAreLinesOfTheExample() throws IOException {
        String page = Files.readString(SharedData.repository().resolve("agent/docs/library.md"));
        List<String> shown = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(page)
                .results()
                .map(block -> block.group(1))
                .filter(block -> block.contains("IdempotencyStores.open()"))
                .toList();
        assertEquals(1, shown.size(), "blocks of agent/docs/library.md that open a store");
        String source = Files.readString(SharedData.repository().resolve(SOURCE));
        // A blank line has no indent.
        String indented = shown.get(0).indent(4).replaceAll("(?m)^ +$", "");
        assertTrue(source.contains(indented), () -> "not in " + SOURCE + ":\n" + shown.get(0));
    }
}
