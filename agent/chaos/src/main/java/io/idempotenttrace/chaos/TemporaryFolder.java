package io.idempotenttrace.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;

/** A folder of a run. */
public final class TemporaryFolder {

    private TemporaryFolder() {}

    /** Makes one, which goes when this program ends. */
    public static Path create() throws IOException {
        Path folder = Files.createTempDirectory("chaos-");
        // Workers may run as other users.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try (var files = Files.walk(folder)) {
                files.sorted(Collections.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            } catch (IOException e) {
                System.err.println("the folder " + folder + " stays behind: " + e);
            }
        }));
        return folder;
    }
}
