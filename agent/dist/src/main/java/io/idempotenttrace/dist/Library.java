package io.idempotenttrace.dist;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A jar that the agent's engine is made of, with its Maven coordinates: one of the project's own modules, or a library of others.
 */
record Library(Coordinates coordinates, Path jar) {

    /** Maven's name of an artifact. */
    record Coordinates(String group, String name, String version) implements Comparable<Coordinates> {

        /** The package URL by which scanners look up advisories. */
        String packageUrl() {
            return "pkg:maven/" + group + "/" + name + "@" + version + "?type=jar";
        }

        @Override
        public int compareTo(Coordinates other) {
            return toString().compareTo(other.toString());
        }

        @Override
        public String toString() {
            return group + ":" + name + ":" + version;
        }
    }

    /** A line of what {@code dependency:list} writes: group, name, type, version, scope, file; then, perhaps, the module's name. */
    private static final Pattern LINE =
            Pattern.compile("\\s*([^:\\s]+):([^:]+):jar:([^:]+):[a-z]+:(.+?)(?: -- module .*)?");
    /** The releases whose classes of multi-release jars are packed: up to the oldest Java that the agent supports. */
    private static final Pattern VERSIONED = Pattern.compile("META-INF/versions/(?:9|1\\d)/(.*)");
    /** A licence text or a notice: a file in META-INF itself, or any file in a folder of it that is made for them. */
    private static final Pattern TEXT = Pattern.compile(
            "META-INF/([^/]*(?:licen[sc]e|notice|copying)[^/]*|licen[sc]es?/.+)", Pattern.CASE_INSENSITIVE);

    private static final Pattern DESCRIPTOR = Pattern.compile("META-INF/maven/[^/]+/[^/]+/pom\\.properties");

    /** @param list the file that {@code dependency:list} wrote, with absolute file names */
    static List<Library> listed(Path list) throws IOException {
        List<Library> libraries = new ArrayList<>();
        for (String line : Files.readAllLines(list)) {
            // Maven colours the module's name in some terminals.
            Matcher matcher = LINE.matcher(line.replaceAll("\u001B\\[[0-9;]*m", ""));
            if (matcher.matches()) {
                Coordinates coordinates = new Coordinates(matcher.group(1), matcher.group(2), matcher.group(3));
                libraries.add(new Library(coordinates, Path.of(matcher.group(4))));
            }
        }
        if (libraries.isEmpty()) {
            throw new IOException(
                    list
                            + " names no library; it must be the output of dependency:list with outputAbsoluteArtifactFilename");
        }
        return libraries;
    }

    /** The files by the names that they get in the archive, whether or not the packing left them out; none of META-INF. */
    Set<String> files() {
        Set<String> names = new TreeSet<>();
        forEachEntry((name, content) -> {
            Matcher versioned = VERSIONED.matcher(name);
            String packed = versioned.matches() ? versioned.group(1) : name;
            if (!packed.startsWith("META-INF/")) {
                names.add(packed);
            }
        });
        return names;
    }

    /** The licence texts and notices that the jar itself carries, by their path below META-INF. */
    Map<String, byte[]> texts() {
        Map<String, byte[]> texts = new TreeMap<>();
        forEachEntry((name, content) -> {
            Matcher text = TEXT.matcher(name);
            if (text.matches() && !name.toLowerCase(Locale.ROOT).endsWith(".class")) {
                texts.put(text.group(1), content.readAllBytes());
            }
        });
        return texts;
    }

    /** The artifacts whose classes were copied into this jar under other names, as far as the jar carries their Maven descriptors. */
    Set<Coordinates> copiedIn() {
        Set<Coordinates> copied = new TreeSet<>();
        forEachEntry((name, content) -> {
            if (DESCRIPTOR.matcher(name).matches()) {
                Properties properties = new Properties();
                properties.load(content);
                Coordinates found = new Coordinates(
                        properties.getProperty("groupId"),
                        properties.getProperty("artifactId"),
                        properties.getProperty("version"));
                if (!found.equals(coordinates)) {
                    copied.add(found);
                }
            }
        });
        return copied;
    }

    private interface EntryReader {

        void read(String name, InputStream content) throws IOException;
    }

    private void forEachEntry(EntryReader reader) {
        try (JarFile opened = new JarFile(jar.toFile(), /* verify= */ false)) {
            for (JarEntry entry : (Iterable<JarEntry>) opened.stream()::iterator) {
                if (!entry.isDirectory()) {
                    try (InputStream content = opened.getInputStream(entry)) {
                        reader.read(entry.getName(), content);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(jar + " can't be read", e);
        }
    }
}
