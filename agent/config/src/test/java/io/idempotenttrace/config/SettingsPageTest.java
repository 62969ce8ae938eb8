package io.idempotenttrace.config;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The table of agent/docs/settings.md is the one in code. */
class SettingsPageTest {

    /** The table as the page has it. */
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
    void thePageHoldsTheTableOfSettings() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "settings.md"));
        assertTrue(page.contains(table()), "the table of agent/docs/settings.md should read:\n" + table());
    }
}
