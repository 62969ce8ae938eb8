package io.idempotenttrace.testkit;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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

    /** The newest that this machine has. */
    public static RedisBinary newest() {
        return INSTALLED.find() != null ? INSTALLED : EMBEDDED_7;
    }

    Path require() {
        Path executable = find();
        if (executable == null) {
            throw new AssertionError("no Redis for the tests: set TEST_REDIS_URL, or install redis-server (apt-get install"
                    + " redis-server); the binary of the test dependency does not fit this machine");
        }
        return executable;
    }

    /** Whether it was built with TLS, as Debian's is; told by whether it knows the settings. */
    public boolean hasTls() {
        try {
            Process process = new ProcessBuilder(require().toString(), "--port", "0", "--tls-port", "0").redirectErrorStream(true).start();
            // Without TLS it is a wrong setting; with it there is nowhere to listen. Both end at once.
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return !output.contains("Bad directive");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while Redis is asked for TLS", e);
        }
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
