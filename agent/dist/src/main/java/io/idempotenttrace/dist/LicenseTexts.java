package io.idempotenttrace.dist;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The licence texts and notices of the libraries that the agent jar carries. A library's own jar comes first; where it has none, as
 * Netty's jars have none, the project keeps a copy in a folder that is named like the library's group.
 */
final class LicenseTexts {

    /** The file that states a library's own licence. Others, such as {@code FastDoubleParser-LICENSE}, are of code inside the library. */
    private static final Pattern OWN_LICENSE = Pattern.compile("(?i)(licen[sc]e|copying)[^/]*");

    /** By a phrase that no other licence of this list contains; the more special text stands first. */
    private static final Map<String, Pattern> KNOWN = new LinkedHashMap<>();

    static {
        KNOWN.put("MIT-0", Pattern.compile("MIT No Attribution"));
        KNOWN.put("MIT", Pattern.compile("The above copyright notice and this permission notice shall be included"));
        KNOWN.put("Apache-2.0", Pattern.compile("Apache License\\s+Version 2\\.0"));
        KNOWN.put(
                "BSD-3-Clause",
                Pattern.compile("Redistribution and use in source and binary forms[\\s\\S]*Neither the name"));
    }

    private final Path kept;
    /** By group, then by file name: the libraries of a group often repeat one text. */
    private final Map<String, Map<String, List<Text>>> texts = new TreeMap<>();

    private final Map<Library.Coordinates, Set<String>> identifiers = new TreeMap<>();
    private final List<String> missing = new ArrayList<>();

    @SuppressWarnings("ArrayRecordComponent") // Two texts are compared by their content, never as records.
    private record Text(String library, byte[] content) {}

    /** @param kept the folder of the texts that the project keeps, one folder a group */
    LicenseTexts(Path kept) {
        this.kept = kept;
    }

    /** Takes the texts of a library and of what was copied into it; {@link #check()} says which had none. */
    void add(Library library) throws IOException {
        Map<String, byte[]> found = library.texts();
        kept(library.coordinates().group()).forEach(found::putIfAbsent);
        add(library.coordinates(), found, library.jar().getFileName().toString());
        for (Library.Coordinates copied : library.copiedIn()) {
            add(copied, kept(copied.group()), "copied into " + library.jar().getFileName());
        }
    }

    private void add(Library.Coordinates coordinates, Map<String, byte[]> found, String where) throws IOException {
        Set<String> licenses = new TreeSet<>();
        for (Map.Entry<String, byte[]> each : found.entrySet()) {
            if (OWN_LICENSE.matcher(each.getKey()).matches()) {
                licenses.add(identifier(coordinates, each.getKey(), each.getValue()));
            }
            texts.computeIfAbsent(coordinates.group(), group -> new TreeMap<>())
                    .computeIfAbsent(each.getKey(), name -> new ArrayList<>())
                    .add(new Text(coordinates.name(), each.getValue()));
        }
        if (licenses.isEmpty()) {
            missing.add(coordinates + " (" + where + ")");
        }
        identifiers.put(coordinates, licenses);
    }

    private Map<String, byte[]> kept(String group) throws IOException {
        Map<String, byte[]> found = new TreeMap<>();
        Path folder = kept.resolve(group);
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    found.put(folder.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
                }
            }
        }
        return found;
    }

    private static String identifier(Library.Coordinates coordinates, String name, byte[] content) throws IOException {
        String text = new String(content, StandardCharsets.UTF_8);
        for (Map.Entry<String, Pattern> each : KNOWN.entrySet()) {
            if (each.getValue().matcher(text).find()) {
                return each.getKey();
            }
        }
        throw new IOException(coordinates + " comes with the licence " + name
                + ", which the build does not know. Read whether the agent jar"
                + " may carry the library; if it may, teach LicenseTexts the licence.");
    }

    /** @throws IOException naming each library that has no licence text: the agent jar must not carry it */
    void check() throws IOException {
        if (!missing.isEmpty()) {
            throw new IOException("no licence text of " + String.join(", ", missing) + ". Put it into " + kept
                    + "/GROUP/LICENSE, as the library's own repository has it.");
        }
    }

    /** The SPDX identifiers of a library's licences; empty for one that was not added. */
    Set<String> identifiersOf(Library.Coordinates coordinates) {
        return identifiers.getOrDefault(coordinates, Set.of());
    }

    /** Writes each text once: below the group's folder, and under the library's name too where two of a group differ. */
    void write(Path folder) throws IOException {
        for (Map.Entry<String, Map<String, List<Text>>> group : texts.entrySet()) {
            for (Map.Entry<String, List<Text>> named : group.getValue().entrySet()) {
                List<Text> same = named.getValue();
                boolean equal = same.stream()
                        .allMatch(text ->
                                Arrays.equals(text.content(), same.get(0).content()));
                for (Text text : equal ? same.subList(0, 1) : same) {
                    Path file = folder.resolve(group.getKey())
                            .resolve(equal ? named.getKey() : text.library() + "-" + named.getKey());
                    Files.createDirectories(file.getParent());
                    Files.write(file, text.content());
                }
            }
        }
    }
}
