package io.idempotenttrace.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the build does with libraries, planted here, that it must not pack or must describe. */
class PackedLibrariesTest {

    private static final String APACHE = "Apache License\n Version 2.0, January 2004\n";
    private static final String MIT =
            "The above copyright notice and this permission notice shall be included in all copies";

    @TempDir
    Path folder;

    private Path engine;
    private Path staging;
    private Path kept;
    private final StringBuilder list = new StringBuilder("\nThe following files have been resolved:\n");

    @BeforeEach
    void anArchiveOfOneOwnClass() throws IOException {
        engine = Files.createDirectories(folder.resolve("engine"));
        staging = Files.createDirectories(folder.resolve("staging"));
        kept = Files.createDirectories(folder.resolve("kept"));
        library("io.idempotenttrace:core:1", Map.of("io/idempotenttrace/Core.class", "", "META-INF/LICENSE", APACHE));
        pack("io/idempotenttrace/Core.class");
    }

    @Test
    void aLibraryWithItsOwnTextsIsDescribed() throws IOException {
        library(
                "org.example:lib:2.0",
                Map.of("org/example/Lib.class", "", "META-INF/LICENSE.txt", MIT, "META-INF/NOTICE", "by many"));
        pack("org/example/Lib.class");

        run();

        assertEquals(MIT, staged("META-INF/licenses/org.example/LICENSE.txt"));
        assertEquals("by many", staged("META-INF/licenses/org.example/NOTICE"));
        assertEquals(
                "groupId=org.example\nartifactId=lib\nversion=2.0\n",
                staged("META-INF/maven/org.example/lib/pom.properties"));
        String bill = staged("META-INF/sbom/agent.cdx.json");
        assertTrue(bill.contains("\"pkg:maven/org.example/lib@2.0?type=jar\""), bill);
        assertTrue(bill.contains("\"MIT\""), bill);
        assertTrue(bill.contains("\"pkg:maven/io.idempotenttrace/core@1?type=jar\""), bill);
    }

    @Test
    void aLibraryWithoutLicenceTextFailsTheBuild() throws IOException {
        library("org.example:lib:2.0", Map.of("org/example/Lib.class", "", "META-INF/NOTICE", "by many"));
        pack("org/example/Lib.class");

        IOException refused = assertThrows(IOException.class, this::run);

        assertTrue(
                refused.getMessage().startsWith("no licence text of org.example:lib:2.0 (lib-2.0.jar)"),
                refused.getMessage());
    }

    @Test
    void aTextThatTheProjectKeepsServesEveryLibraryOfTheGroup() throws IOException {
        library("org.example:one:1", Map.of("org/example/One.class", ""));
        library("org.example:two:1", Map.of("org/example/Two.class", ""));
        pack("org/example/One.class");
        pack("org/example/Two.class");
        keep("org.example/LICENSE", APACHE);
        keep("org.example/license/LICENSE.part.txt", MIT);

        run();

        assertEquals(APACHE, staged("META-INF/licenses/org.example/LICENSE"));
        assertEquals(MIT, staged("META-INF/licenses/org.example/license/LICENSE.part.txt"));
    }

    @Test
    void textsOfAGroupThatDifferAreAllKept() throws IOException {
        library(
                "org.example:one:1",
                Map.of("org/example/One.class", "", "META-INF/LICENSE", APACHE, "META-INF/NOTICE", "one"));
        library(
                "org.example:two:1",
                Map.of("org/example/Two.class", "", "META-INF/LICENSE", APACHE, "META-INF/NOTICE", "two"));
        pack("org/example/One.class");
        pack("org/example/Two.class");

        run();

        assertEquals(APACHE, staged("META-INF/licenses/org.example/LICENSE"));
        assertEquals("one", staged("META-INF/licenses/org.example/one-NOTICE"));
        assertEquals("two", staged("META-INF/licenses/org.example/two-NOTICE"));
    }

    @Test
    void codeThatALibraryCopiedInNeedsItsLicenceToo() throws IOException {
        library(
                "org.example:lib:2.0",
                Map.of(
                        "org/example/Lib.class",
                        "",
                        "META-INF/LICENSE",
                        APACHE,
                        "META-INF/maven/org.inner/inner/pom.properties",
                        "groupId=org.inner\nartifactId=inner\nversion=7\n"));
        pack("org/example/Lib.class");

        IOException refused = assertThrows(IOException.class, this::run);
        assertTrue(
                refused.getMessage().startsWith("no licence text of org.inner:inner:7 (copied into lib-2.0.jar)"),
                refused.getMessage());

        keep("org.inner/LICENSE", MIT);
        run();
        assertTrue(staged("META-INF/sbom/agent.cdx.json").contains("\"pkg:maven/org.inner/inner@7?type=jar\""));
    }

    @Test
    void aLicenceThatNobodyHasReadFailsTheBuild() throws IOException {
        library(
                "org.example:lib:2.0",
                Map.of("org/example/Lib.class", "", "META-INF/LICENSE", "Everything you make is mine."));
        pack("org/example/Lib.class");

        IOException refused = assertThrows(IOException.class, this::run);

        assertTrue(
                refused.getMessage()
                        .startsWith(
                                "org.example:lib:2.0 comes with the licence LICENSE, which the build does not know"),
                refused.getMessage());
    }

    @Test
    void aFileOfNoLibraryFailsTheBuild() throws IOException {
        pack("org/example/Stranger.class");

        IOException refused = assertThrows(IOException.class, this::run);

        assertTrue(
                refused.getMessage().startsWith("the archive holds 1 files that come from no library"),
                refused.getMessage());
    }

    @Test
    void aDependencyOfWhichNothingIsPackedIsNotListed() throws IOException {
        library("org.example:unused:1", Map.of("org/example/Unused.class", ""));

        run();

        assertFalse(staged("META-INF/sbom/agent.cdx.json").contains("unused"));
    }

    private void run() throws IOException {
        Path names = folder.resolve("libraries.txt");
        Files.writeString(names, list);
        EngineArchiveWriter.main(new String[] {
            engine.toString(), staging.resolve("engine.archive").toString()
        });
        PackedLibraries.main(new String[] {
            names.toString(),
            staging.toString(),
            kept.toString(),
            "io.idempotenttrace",
            "agent",
            "1",
            "2026-01-01T00:00:00Z"
        });
    }

    private void library(String coordinates, Map<String, String> files) throws IOException {
        String[] parts = coordinates.split(":");
        Path jar = folder.resolve(parts[1] + "-" + parts[2] + ".jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file)) {
            for (Map.Entry<String, String> each : new LinkedHashMap<>(files).entrySet()) {
                out.putNextEntry(new JarEntry(each.getKey()));
                out.write(each.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        list.append("   ")
                .append(parts[0])
                .append(':')
                .append(parts[1])
                .append(":jar:")
                .append(parts[2])
                .append(":compile:")
                .append(jar)
                .append(" -- module org.example [auto]\n");
    }

    private void pack(String name) throws IOException {
        Path file = engine.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, name);
    }

    private void keep(String name, String text) throws IOException {
        Path file = kept.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private String staged(String name) throws IOException {
        return Files.readString(staging.resolve(name));
    }
}
