package io.idempotenttrace.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.canonical.CanonicalForm;
import io.idempotenttrace.core.canonical.JsonReader;
import io.idempotenttrace.weaver.ProblemCode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the classes of package {@code planted}: each mistake is found, and none that is not there. */
class ExplainCommandTest {

    private static final String PLANTED = "io.idempotenttrace.cli.planted.";

    @TempDir
    private Path folder;

    private Path classes;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void copyThePlantedClasses() throws Exception {
        Path from = Path.of(ExplainCommandTest.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .resolve("io/idempotenttrace/cli/planted");
        classes = folder.resolve("classes");
        Path to = Files.createDirectories(classes.resolve("io/idempotenttrace/cli/planted"));
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName().toString()));
            }
        }
    }

    private int run(String... arguments) {
        out.reset();
        err.reset();
        return CommandLineTool.run(
                "1.2.3",
                arguments,
                new ByteArrayInputStream(new byte[0]),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private List<Map<?, ?>> lines() {
        List<Map<?, ?>> lines = new ArrayList<>();
        out.toString(StandardCharsets.UTF_8)
                .lines()
                .forEach(line -> lines.add((Map<?, ?>) JsonReader.read(line, CanonicalForm.PYTHON)));
        return lines;
    }

    /** The codes that were told, by method and the types of its parameters. */
    private Map<String, List<String>> told() {
        Map<String, List<String>> told = new TreeMap<>();
        for (Map<?, ?> line : lines()) {
            List<String> codes = new ArrayList<>();
            for (Object problem : (List<?>) line.get("problems")) {
                codes.add((String) ((Map<?, ?>) problem).get("code"));
            }
            told.merge((String) line.get("method"), codes, (one, other) -> {
                List<String> both = new ArrayList<>(one);
                both.addAll(other);
                return both;
            });
        }
        return told;
    }

    /** The codes that the classes say, by method. No class is initialized for it. */
    private static Map<String, List<String>> planted(String... names) throws ClassNotFoundException {
        Map<String, List<String>> planted = new TreeMap<>();
        for (String name : names) {
            addPlanted(Class.forName(PLANTED + name, false, ExplainCommandTest.class.getClassLoader()), planted);
        }
        return planted;
    }

    private static void addPlanted(Class<?> type, Map<String, List<String>> planted) {
        List<Executable> members = new ArrayList<>(List.of(type.getDeclaredMethods()));
        members.addAll(List.of(type.getDeclaredConstructors()));
        for (Executable member : members) {
            String name = member instanceof Constructor ? "<init>" : member.getName();
            List<String> codes = new ArrayList<>();
            for (Annotation annotation : member.getDeclaredAnnotations()) {
                String text = annotation.toString();
                for (ProblemCode code : ProblemCode.values()) {
                    String quoted = '"' + code.text() + '"';
                    for (int at = text.indexOf(quoted); at >= 0; at = text.indexOf(quoted, at + 1)) {
                        codes.add(code.text());
                    }
                }
            }
            if (!codes.isEmpty()) {
                planted.computeIfAbsent(type.getName() + '.' + name, method -> new ArrayList<>())
                        .addAll(codes);
            }
        }
        for (Class<?> nested : type.getDeclaredClasses()) {
            addPlanted(nested, planted);
        }
    }

    @Test
    void eachPlantedMistakeIsFoundAndNoOther() throws Exception {
        assertEquals(0, run("explain", "--json", classes.toString()), err::toString);
        Map<String, List<String>> told = told();
        told.values().removeIf(List::isEmpty);
        Map<String, List<String>> planted = planted("Mistakes", "Mistakes$1");
        assertEquals(planted, told);
        Set<String> kinds = new HashSet<>();
        planted.values().forEach(kinds::addAll);
        assertTrue(kinds.size() >= 20, kinds::toString);
        assertEquals("", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void soundMethodsAreToldWithScopeKeyDocumentAndPolicies() {
        assertEquals(0, run("explain", "--json", classes.toString()), err::toString);
        Map<?, ?> emit = lines().stream()
                .filter(line -> line.get("method").equals(PLANTED + "Sound.emit"))
                .findFirst()
                .orElseThrow();
        assertTrue(
                out.toString(StandardCharsets.UTF_8)
                        .contains("{\"method\":\"" + PLANTED + "Sound.emit\",\"scope\":\"" + PLANTED
                                + "Sound.emit\",\"key\":\"span/traceId:span/id\",\"document\":{"),
                out::toString);
        assertEquals(List.of(), emit.get("problems"));
        assertEquals(true, emit.get("guarded"));
        assertEquals("tenant", emit.get("tenant"));
        Map<?, ?> document = (Map<?, ?>) emit.get("document");
        assertEquals("String", document.get("traceId"));
        assertEquals(Map.of("*", "any"), document.get("attributes"));
        assertEquals(List.of(Map.of("traceId", "String", "weights", Map.of("*", "BigDecimal"))), document.get("links"));
        assertEquals("return-stored", ((Map<?, ?>) emit.get("policies")).get("onDuplicate"));
    }

    @Test
    void strictEndsABuildWithAProblemAndNoOther() throws IOException {
        assertEquals(1, run("explain", "--strict", classes.toString()));
        assertTrue(out.toString(StandardCharsets.UTF_8).contains("  ! no-key: has no @IdempotencyKey"), out::toString);
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path mistake : files.filter(
                            file -> file.getFileName().toString().startsWith("Mistakes"))
                    .toList()) {
                Files.delete(mistake);
            }
        }
        assertEquals(0, run("explain", "--strict", classes.toString()), out::toString);
        assertTrue(out.toString(StandardCharsets.UTF_8).contains(" guarded, no problems"), out::toString);
    }

    @Test
    void settingsCount() {
        assertEquals(
                0,
                run(
                        "explain",
                        "--json",
                        classes.toString(),
                        "--set",
                        "unseen-fields=hash",
                        "--set",
                        "scope.orders.in-progress-wait=1s",
                        "--set",
                        "scope.order.ttl=1h"),
                err::toString);
        assertEquals(List.of(), told().get(PLANTED + "Mistakes.hidesState"));
        assertEquals(List.of("short-wait", "shared-scope"), told().get(PLANTED + "Mistakes.oneOfScope"));
        assertTrue(
                err.toString(StandardCharsets.UTF_8).contains("scope.order.* had no effect")
                        && err.toString(StandardCharsets.UTF_8).contains("did you mean 'orders'?"),
                err::toString);
        assertEquals(2, run("explain", classes.toString(), "--set", "ttl=often"));
        assertTrue(err.toString(StandardCharsets.UTF_8).startsWith("idempotent-trace: setting 'ttl'"), err::toString);
    }

    @Test
    void jarsFatJarsWebArchivesFoldersAndClassPathsAreRead() throws IOException {
        Path plain = jar("plain.jar", "", null);
        Path fat = jar("fat.jar", "BOOT-INF/classes/", null);
        Path web = jar("web.war", "WEB-INF/classes/", null);
        Path library = folder.resolve("outer.jar");
        try (OutputStream file = Files.newOutputStream(library);
                JarOutputStream jar = new JarOutputStream(file)) {
            put(jar, "BOOT-INF/classes/application.properties", "a=b".getBytes(StandardCharsets.UTF_8));
            put(jar, "BOOT-INF/lib/plain.jar", Files.readAllBytes(plain));
        }
        Path byManifest = jar("starter.jar", null, "plain.jar missing.jar");
        Path jars = Files.createDirectory(folder.resolve("jars"));
        Files.copy(plain, jars.resolve("a.jar"));
        run("explain", "--json", classes.toString());
        Map<String, List<String>> expected = told();
        for (String application : List.of(
                plain.toString(),
                fat.toString(),
                web.toString(),
                library.toString(),
                byManifest.toString(),
                jars.toString(),
                jars + "/*",
                Files.createDirectory(folder.resolve("empty")) + File.pathSeparator + plain,
                plain + ";" + classes)) {
            assertEquals(0, run("explain", "--json", application), err::toString);
            assertEquals(expected, told(), application);
        }
    }

    private Path jar(String name, String prefix, String classPath) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        if (classPath != null) {
            manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath);
        }
        Path file = folder.resolve(name);
        try (OutputStream to = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(to, manifest);
                Stream<Path> files = Files.walk(classes)) {
            for (Path each : prefix == null
                    ? List.<Path>of()
                    : files.filter(Files::isRegularFile).toList()) {
                put(jar, prefix + classes.relativize(each).toString().replace('\\', '/'), Files.readAllBytes(each));
            }
        }
        return file;
    }

    private static void put(JarOutputStream jar, String name, byte[] content) {
        try {
            jar.putNextEntry(new JarEntry(name));
            jar.write(content);
            jar.closeEntry();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The JVM takes a class from META-INF/versions where there is one for its release; of a folder it does not. */
    @Test
    void ofAJarForSeveralReleasesTheClassesAreToldThatThisJavaLoads() throws IOException {
        Path sources = Files.createDirectories(folder.resolve("sources"));
        Path jar = folder.resolve("releases.jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MULTI_RELEASE, "true");
        try (JarOutputStream to = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            for (String release : List.of("", "META-INF/versions/17/")) {
                Path source = Files.writeString(
                        sources.resolve("Released.java"),
                        "public class Released { @io.idempotenttrace.IdempotentTrace(scope = \"of" + release.length()
                                + "\") void emit(@io.idempotenttrace.IdempotencyKey String a) { } }");
                Path compiled = Files.createDirectories(folder.resolve("compiled/" + release));
                assertEquals(
                        0,
                        ToolProvider.getSystemJavaCompiler()
                                .run(
                                        null,
                                        null,
                                        null,
                                        "-d",
                                        compiled.toString(),
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        source.toString()));
                put(to, release + "Released.class", Files.readAllBytes(compiled.resolve("Released.class")));
            }
        }
        assertEquals(0, run("explain", "--json", jar.toString()));
        assertEquals(
                List.of("of21"), lines().stream().map(line -> line.get("scope")).toList());
        assertEquals(0, run("explain", "--json", folder.resolve("compiled").toString()));
        assertEquals(
                List.of("of0"), lines().stream().map(line -> line.get("scope")).toList());
    }

    @Test
    void whatIsNoApplicationIsNamed() throws IOException {
        assertEquals(2, run("explain", folder.resolve("none.jar").toString()));
        assertTrue(
                err.toString(StandardCharsets.UTF_8)
                        .contains("none.jar' can't be read (there is no file or folder of that name); give a jar"),
                err::toString);
        assertEquals(
                2,
                run(
                        "explain",
                        Files.writeString(folder.resolve("text.jar"), "text").toString()));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("is neither a jar nor a folder"), err::toString);
        assertEquals(
                1,
                run("explain", Files.createDirectory(folder.resolve("nothing")).toString()));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("no method with @IdempotentTrace"), err::toString);
        assertEquals(2, run("explain"));
        assertEquals("", out.toString(StandardCharsets.UTF_8));
        assertEquals(1, run("explain", "2147483646"));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("there is no process 2147483646"), err::toString);
    }

    @Test
    void theHelpListsEachCode() {
        assertEquals(0, run("explain", "--help"));
        String help = out.toString(StandardCharsets.UTF_8);
        for (ProblemCode code : EnumSet.allOf(ProblemCode.class)) {
            assertTrue(help.contains("  " + code.text() + " "), code::text);
        }
    }

    @Test
    void thePageListsEachCode() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "explain.md"));
        for (ProblemCode code : ProblemCode.values()) {
            assertTrue(page.contains("| `" + code.text() + "` | " + code.meaning() + " |\n"), code::text);
        }
    }

    @Test
    void configTellsEachSettingItsSourceAndNoSecret() throws IOException {
        Path file = Files.writeString(folder.resolve("worker.properties"), "lease=20s\nscope.orders.ttl=3h\n");
        assertEquals(
                0,
                run(
                        "config",
                        "--json",
                        "--config-file",
                        file.toString(),
                        "--set",
                        "redis-url=redis://planted-user:planted-password@localhost:6379/2",
                        "--set",
                        "hash-secret=planted-secret-of-some-length"),
                err::toString);
        Map<String, Map<?, ?>> byName = new HashMap<>();
        lines().forEach(line -> byName.put((String) line.get("name"), line));
        assertEquals("redis://***@localhost:6379/2", byName.get("redis-url").get("value"));
        assertEquals("***", byName.get("hash-secret").get("value"));
        assertEquals("option of this command", byName.get("hash-secret").get("source"));
        assertEquals("20s", byName.get("lease").get("value"));
        assertEquals("file '" + file + "'", byName.get("lease").get("source"));
        assertEquals("3h", byName.get("scope.orders.ttl").get("value"));
        assertEquals("default", byName.get("mode").get("source"));
        for (Setting setting : Setting.values()) {
            assertTrue(setting.onlyPerScope() || byName.containsKey(setting.key()), setting::key);
        }
        assertFalse(out.toString(StandardCharsets.UTF_8).contains("planted"), out::toString);
        assertTrue(
                out.toString(StandardCharsets.UTF_8)
                        .startsWith("{\"name\":\"mode\",\"value\":\"enforce\",\"source\":\"default\"}"),
                out::toString);
    }

    @Test
    void withoutACommandTheFirstStepsAreShown() {
        assertEquals(0, run());
        String text = out.toString(StandardCharsets.UTF_8);
        assertTrue(text.startsWith("idempotent-trace 1.2.3 "), text);
        assertTrue(text.contains("explain app.jar") && text.lines().count() < 25, text);
        assertEquals(0, run("init", "gradle"));
        assertTrue(
                out.toString(StandardCharsets.UTF_8).contains("idempotent-trace-annotations:1.2.3\""), out::toString);
        assertEquals(2, run("init", "ant"));
    }
}
