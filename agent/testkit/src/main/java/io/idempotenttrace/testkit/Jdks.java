package io.idempotenttrace.testkit;

import java.io.File;
import java.io.IOException;
import java.io.Reader;
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
 * The JDKs that tests fork: the oldest and the newest supported one of this machine. Searched are the folders named by the
 * environment variable TEST_JDKS, else this JVM's own folder and its neighbours.
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

    private Jdks() {
    }

    /** The oldest and the newest; one only, if this machine has no other, which is then said. */
    public static List<Jdk> all() {
        TreeMap<Integer, Jdk> byVersion = new TreeMap<>();
        for (Path home : candidates()) {
            Jdk jdk = read(home);
            if (jdk != null && jdk.version >= OLDEST_SUPPORTED && isLongTermSupport(jdk.version)) {
                byVersion.putIfAbsent(jdk.version, jdk);
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
            System.out.println("only " + jdks.get(0) + " is on this machine; name others in TEST_JDKS to test on them too");
        }
        return jdks;
    }

    public static Jdk newest() {
        List<Jdk> all = all();
        return all.get(all.size() - 1);
    }

    /** 17, 21, 25, ...: every fourth from 17 on. */
    private static boolean isLongTermSupport(int version) {
        return (version - OLDEST_SUPPORTED) % 4 == 0;
    }

    private static Set<Path> candidates() {
        Set<Path> homes = new LinkedHashSet<>();
        String named = System.getenv("TEST_JDKS");
        if (named != null && !named.isBlank()) {
            for (String home : named.split(File.pathSeparator)) {
                homes.add(Path.of(home));
            }
            return homes;
        }
        Path own = Path.of(System.getProperty("java.home"));
        homes.add(own);
        try (DirectoryStream<Path> neighbours = Files.newDirectoryStream(own.toRealPath().getParent(), Files::isDirectory)) {
            neighbours.forEach(homes::add);
        } catch (IOException e) {
            // This JVM's own JDK has to do.
        }
        return homes;
    }

    private static Jdk read(Path home) {
        Path release = home.resolve("release");
        if (!Files.isReadable(release) || !Files.isExecutable(home.resolve("bin").resolve("java"))) {
            return null;
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(release, StandardCharsets.UTF_8)) {
            properties.load(reader);
            String version = properties.getProperty("JAVA_VERSION", "0").replace("\"", "");
            return new Jdk(Runtime.Version.parse(version).feature(), home.toRealPath());
        } catch (IOException | IllegalArgumentException e) {
            return null;
        }
    }
}
