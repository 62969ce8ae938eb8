package io.idempotenttrace.testkit;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Where a {@code redis-server} comes from: the PATH, or a test dependency that carries it. */
public enum RedisBinary {

    /** The one that is installed. */
    INSTALLED(null),
    /** 7.0, inside org.signal:embedded-redis. */
    EMBEDDED_7("redis-server-7.0.15-"),
    /** 6.2, the oldest supported line, inside com.github.codemonstur:embedded-redis. */
    EMBEDDED_6("redis-server-6.2.6-v5-");

    private final String resourcePrefix;
    private Path found;

    RedisBinary(String resourcePrefix) {
        this.resourcePrefix = resourcePrefix;
    }

    /** The executable; null if this machine has none from there. */
    public synchronized Path find() {
        if (found == null) {
            found = resourcePrefix == null ? onPath() : extract();
        }
        return found;
    }

    private static Path onPath() {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
            Path candidate = Path.of(folder, "redis-server");
            if (Files.isExecutable(candidate)) {
                return candidate;
            }
        }
        return null;
    }

    private Path extract() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "darwin" : "linux";
        String architecture = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        try (InputStream in = RedisBinary.class.getClassLoader().getResourceAsStream(resourcePrefix + os + "-" + architecture)) {
            if (in == null) {
                return null;
            }
            Path file = Files.createTempFile("redis-server-", "");
            Files.copy(in, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            file.toFile().deleteOnExit();
            return file.toFile().setExecutable(true) ? file : null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
