package io.idempotenttrace.testkit;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Where a {@code redis-server} comes from: the PATH, a test dependency that carries it, or whoever runs the tests. */
public final class RedisBinary {

    /** The one that is installed. */
    public static final RedisBinary INSTALLED = new RedisBinary("redis-server on the PATH", null, null);
    /** 7.0, inside org.signal:embedded-redis. */
    public static final RedisBinary EMBEDDED_7 = new RedisBinary("embedded 7.0", "redis-server-7.0.15-", null);
    /** 6.2, the oldest supported line, inside com.github.codemonstur:embedded-redis. */
    public static final RedisBinary EMBEDDED_6 = new RedisBinary("embedded 6.2", "redis-server-6.2.6-v5-", null);

    private static final String OTHERS = "TEST_SERVERS";

    private final String name;
    private final String resourcePrefix;
    private Path found;

    private RedisBinary(String name, String resourcePrefix, Path executable) {
        this.name = name;
        this.resourcePrefix = resourcePrefix;
        this.found = executable;
    }

    /**
     * Other servers of this machine, such as Valkey or a later Redis: the programs that the environment variable TEST_SERVERS names,
     * separated as those of a PATH. None where it is not set, which is then said.
     */
    public static List<RedisBinary> others() {
        List<RedisBinary> others = new ArrayList<>();
        String named = System.getenv().getOrDefault(OTHERS, "");
        for (String program : named.split(File.pathSeparator)) {
            if (!program.isBlank()) {
                if (!Files.isExecutable(Path.of(program))) {
                    throw new AssertionError(OTHERS + " names '" + program
                            + "', which is no program; name redis-server or valkey-server");
                }
                others.add(new RedisBinary(program, null, Path.of(program)));
            }
        }
        if (others.isEmpty()) {
            System.out.println("skipped other servers: " + OTHERS
                    + " names none; set it to programs such as valkey-server to test on them");
        }
        return others;
    }

    /**
     * That program, which may be redis-server or valkey-server.
     *
     * @throws AssertionError if it is no program
     */
    public static RedisBinary at(Path program) {
        if (!Files.isExecutable(program)) {
            throw new AssertionError("'" + program + "' is no program; name redis-server or valkey-server");
        }
        return new RedisBinary(program.toString(), null, program);
    }

    @Override
    public String toString() {
        return name;
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
            throw new AssertionError(
                    "no Redis for the tests: set TEST_REDIS_URL, or install redis-server (apt-get install"
                            + " redis-server); the binary of the test dependency does not fit this machine");
        }
        return executable;
    }

    /** Whether it was built with TLS, as Debian's is; told by whether it knows the settings. */
    public boolean hasTls() {
        try {
            Process process = new ProcessBuilder(require().toString(), "--port", "0", "--tls-port", "0")
                    .redirectErrorStream(true)
                    .start();
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
        try (InputStream in =
                RedisBinary.class.getClassLoader().getResourceAsStream(resourcePrefix + os + "-" + architecture)) {
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
