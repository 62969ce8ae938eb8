package io.idempotenttrace.config;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The README's table of settings is the one in code. */
class ReadmeTest {

    /** The table as the README has it. */
    static String table() {
        StringBuilder table = new StringBuilder("| setting | default | allowed | meaning |\n|---|---|---|---|\n");
        for (Setting setting : Setting.values()) {
            table.append("| `")
                    .append(setting.key())
                    .append('`')
                    .append(setting.perScope() ? " +" : "")
                    .append(" | ")
                    .append(setting.defaultValue())
                    .append(" | ")
                    .append(setting.allowed().replace("|", " \\| "))
                    .append(" | ")
                    .append(setting.meaning())
                    .append(" |\n");
        }
        return table.toString();
    }

    @Test
    void theReadmeHoldsTheTableOfSettings() throws IOException {
        String readme = Files.readString(Path.of("..", "..", "README.md"));
        assertTrue(readme.contains(table()), "the README's table of settings should read:\n" + table());
    }
}
