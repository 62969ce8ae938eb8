package io.idempotenttrace.examples.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import io.idempotenttrace.testkit.TestTls;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packed agent takes the settings of the manifest. */
class SettingsIT {

    private static final Path AGENT = Path.of(System.getProperty("agent.jar")).normalize();
    private static final Path CLASSES = Path.of("target", "test-classes").toAbsolutePath();

    @TempDir
    private Path folder;

    @Test
    void theAgentStartsWithTheSettingsOfTheManifest() throws IOException {
        ForkedJvm.Result result = start(withFilesOfThisFolder());
        assertEquals(0, result.exitCode(), result::toString);
        assertTrue(result.err().get(0).endsWith(" store=redis mode=enforce"), result::toString);
    }

    /** So that a mistake in the manifest is seen when the pod starts: on-config-error=exit. */
    @Test
    void aSecretThatIsMissingEndsTheJvm() throws IOException {
        Properties settings = withFilesOfThisFolder();
        Files.delete(Path.of(settings.getProperty("hash-secret-file")));
        ForkedJvm.Result result = start(settings);
        assertEquals(1, result.exitCode(), result::toString);
        assertTrue(result.toString().contains("hash-secret-file"), result::toString);
    }

    /** Each file that the settings name, in this test's folder. */
    private Properties withFilesOfThisFolder() throws IOException {
        Properties settings = ManifestsTest.settings();
        for (String name : settings.stringPropertyNames()) {
            if (name.endsWith("-file")) {
                Path file = folder.resolve(
                        Path.of(settings.getProperty(name)).getFileName().toString());
                if (name.equals("redis-ca-file")) {
                    Files.copy(
                            TestTls.in(Files.createDirectory(folder.resolve("tls")))
                                    .ca(),
                            file);
                } else {
                    Files.writeString(file, "what the secret store has written here");
                }
                settings.setProperty(name, file.toString());
            }
        }
        return settings;
    }

    private ForkedJvm.Result start(Properties settings) throws IOException {
        Path file = folder.resolve("idempotent-trace.properties");
        try (Writer writer = Files.newBufferedWriter(file)) {
            settings.store(writer, null);
        }
        return ForkedJvm.on(Jdks.newest())
                .shortLived()
                .environment("IDEMPOTENT_TRACE_CONFIG_FILE", file.toString())
                .agent(AGENT, "")
                .main(CLASSES.toString(), NothingGuarded.class.getName())
                .run();
    }
}
