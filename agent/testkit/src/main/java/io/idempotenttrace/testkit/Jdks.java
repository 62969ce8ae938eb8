package io.idempotenttrace.testkit;

import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;

/**
 * The JDKs that tests fork: each supported one of those that the environment variable TEST_JDKS names, else the oldest and the newest
 * with long-term support among this JVM's own and its neighbours.
 */
public final class Jdks {

    /** The oldest version that is supported. */
    public static final int OLDEST_SUPPORTED = 17;

    /**
     * A JDK.
     *
     * @param version its feature version, such as 17
     */
    public record Jdk(int version, Path home) {

        public Path java() {
            return home.resolve("bin").resolve("java");
        }

        @Override
        public String toString() {
            return "JDK " + version;
        }
    }

    private Jdks() {}

    /** Those to test on; one only, if this machine has no other, which is then said. */
    public static List<Jdk> all() {
        if (!named().isEmpty()) {
            List<Jdk> supported = found().stream()
                    .filter(jdk -> jdk.version >= OLDEST_SUPPORTED)
                    .toList();
            supported.forEach(jdk -> TestedOn.jdk(fullVersion(jdk.home)));
            return supported;
        }
        List<Jdk> ends = oldestAndNewest();
        ends.forEach(jdk -> TestedOn.jdk(fullVersion(jdk.home)));
        return ends;
    }

    /** JDKs that are too old for the agent; where there is none, that is said. */
    public static List<Jdk> tooOld() {
        List<Jdk> old =
                found().stream().filter(jdk -> jdk.version < OLDEST_SUPPORTED).toList();
        if (old.isEmpty()) {
            System.out.println("skipped JVMs that are too old: TEST_JDKS names no JDK below " + OLDEST_SUPPORTED);
        }
        return old;
    }

    private static List<Jdk> found() {
        TreeMap<Integer, Jdk> byVersion = new TreeMap<>();
        for (Path home : candidates()) {
            Jdk jdk = read(home);
            if (jdk != null) {
                byVersion.putIfAbsent(jdk.version, jdk);
            } else if (!named().isEmpty()) {
                throw new AssertionError("TEST_JDKS names '" + home + "', which is no JDK; name its JAVA_HOME");
            }
        }
        return List.copyOf(byVersion.values());
    }

    private static List<Jdk> oldestAndNewest() {
        TreeMap<Integer, Jdk> byVersion = new TreeMap<>();
        for (Jdk jdk : found()) {
            if (jdk.version >= OLDEST_SUPPORTED && isLongTermSupport(jdk.version)) {
                byVersion.put(jdk.version, jdk);
            }
        }
        Jdk own = read(Path.of(System.getProperty("java.home")));
        if (byVersion.isEmpty() && own != null) {
            byVersion.put(own.version, own);
        }
        List<Jdk> jdks = new ArrayList<>();
        jdks.add(byVersion.firstEntry().getValue());
        if (byVersion.size() > 1) {
            jdks.add(byVersion.lastEntry().getValue());
        } else {
            System.out.println(
                    "only " + jdks.get(0) + " is on this machine; name others in TEST_JDKS to test on them too");
        }
        return jdks;
    }

    public static Jdk newest() {
        List<Jdk> all = all();
        return all.get(all.size() - 1);
    }

    /** Those of {@link #all} but the newest; none, if this machine has no other. */
    public static List<Jdk> older() {
        List<Jdk> all = all();
        return all.subList(0, all.size() - 1);
    }

    /** 17, 21, 25, ...: every fourth from 17 on. */
    private static boolean isLongTermSupport(int version) {
        return (version - OLDEST_SUPPORTED) % 4 == 0;
    }

    private static Set<Path> candidates() {
        Set<Path> homes = new LinkedHashSet<>();
        for (String home : named().split(File.pathSeparator)) {
            if (!home.isBlank()) {
                homes.add(Path.of(home));
            }
        }
        if (!homes.isEmpty()) {
            return homes;
        }
        Path own = Path.of(System.getProperty("java.home"));
        homes.add(own);
        try (DirectoryStream<Path> neighbours =
                Files.newDirectoryStream(own.toRealPath().getParent(), Files::isDirectory)) {
            neighbours.forEach(homes::add);
        } catch (IOException e) {
            // This JVM's own JDK has to do.
        }
        return homes;
    }

    /** What TEST_JDKS names: paths, separated as those of a PATH; empty where it is not set. */
    private static String named() {
        String named = System.getenv("TEST_JDKS");
        return named == null ? "" : named.trim();
    }

    private static Jdk read(Path home) {
        if (!Files.isExecutable(home.resolve("bin").resolve("java"))) {
            return null;
        }
        try {
            String version = fullVersion(home);
            // Java 8 calls itself 1.8.0_492.
            int feature = version.startsWith("1.")
                    ? Integer.parseInt(version.substring(2, 3))
                    : Runtime.Version.parse(version).feature();
            return new Jdk(feature, home.toRealPath());
        } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
            return null;
        }
    }

    /** Such as 17.0.15, or 1.8.0_492 of Java 8. */
    private static String fullVersion(Path home) {
        Path release = home.resolve("release");
        Properties properties = new Properties();
        if (Files.isReadable(release)) {
            try (Reader reader = Files.newBufferedReader(release, StandardCharsets.UTF_8)) {
                properties.load(reader);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        String version = properties.getProperty("JAVA_VERSION");
        return version == null ? saidByItself(home) : version.replace("\"", "");
    }

    /** Not each package of a JDK has the file that names its version. */
    private static String saidByItself(Path home) {
        try {
            Process process = new ProcessBuilder(
                            home.resolve("bin").resolve("java").toString(), "-version")
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int quote = said.indexOf('"');
            return quote < 0 ? "0" : said.substring(quote + 1, said.indexOf('"', quote + 1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
