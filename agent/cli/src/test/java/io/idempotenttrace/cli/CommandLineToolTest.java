package io.idempotenttrace.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.spec.Specification;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineToolTest {

    private static final String EMPTY_OBJECT = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
    private static final String EMPTY_ARRAY = "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945";

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String input, String... arguments) {
        return run(input.getBytes(StandardCharsets.UTF_8), arguments);
    }

    private int run(byte[] input, String... arguments) {
        return CommandLineTool.run(
                "1.2.3",
                arguments,
                new ByteArrayInputStream(input),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aDocumentIsHashedFromStandardInputAndFromAFile() throws IOException {
        assertEquals(0, run("{ }\n", "hash"));
        assertEquals(0, run("[]", "hash", "-"));
        assertEquals(
                0,
                run(
                        "",
                        "hash",
                        Files.writeString(folder.resolve("a.json"), " {}").toString()));
        assertEquals(String.join(System.lineSeparator(), EMPTY_OBJECT, EMPTY_ARRAY, EMPTY_OBJECT, ""), out());
        assertEquals("", err());
    }

    @Test
    void theCanonicalFormItselfCanBeSeen() {
        assertEquals(0, run("{\"b\": 1.0, \"a\": \"\u00e9\"}", "hash", "--canonical"));
        assertEquals(0, run("{\"b\": 1.0, \"a\": \"\u00e9\"}", "hash", "--canonical", "--form", "jcs"));
        assertEquals(0, run("{\"b\": 1.0, \"a\": \"\u00e9\"}", "hash", "--canonical", "--form", "python-unicode"));
        assertEquals(0, run("{\"b\": 1.0, \"a\": \"\u00e9\"}", "hash", "--canonical", "--form", "python-str"));
        assertEquals(
                String.join(
                        System.lineSeparator(),
                        "{\"a\":\"\\u00e9\",\"b\":1.0}",
                        "{\"a\":\"\u00e9\",\"b\":1}",
                        "{\"a\":\"\u00e9\",\"b\":1.0}",
                        "{\"a\":\"\\u00e9\",\"b\":1.0}",
                        ""),
                out());
    }

    @Test
    void withLinesTheGoodOnesAreAnsweredAndTheBadOnesMarked() {
        assertEquals(1, run("{}\n{\n[]\n\n[]", "hash", "--lines"));
        assertEquals(String.join(System.lineSeparator(), EMPTY_OBJECT, EMPTY_ARRAY, EMPTY_ARRAY, ""), out());
        assertTrue(
                err().contains("standard input, line 2, column ") && err().contains("standard input, line 4, column "),
                err());
        assertEquals(2, err().lines().count());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'{\"a\":1,}'|1",
                "'{\n\"a\": tru}'|2",
                "''|1",
                "'[1] 2'|1",
                "'\"a'|1",
                "'[+INF]'|1",
                "'{\"a\"\n\n:\n}'|4"
            })
    void aBadDocumentIsOneLineWithItsPlace(String document, int line) {
        assertEquals(1, run(document, "hash"));
        assertEquals("", out());
        assertTrue(err().matches("idempotent-trace: standard input, line " + line + ", column \\d+: .+\\R"), err());
    }

    @Test
    void whatIsNotUtf8IsABadDocument() {
        assertEquals(1, run(new byte[] {'[', '\n', '"', (byte) 0xff, '"', ']'}, "hash"));
        assertTrue(err().contains("line 2, column 2: ") && err().contains("not UTF-8"), err());
    }

    @Test
    void anEmptyLineIsABadOneAndALineMayEndAsOnWindows() {
        assertEquals(1, run("{}\r\n\r\n[]", "hash", "--lines"));
        assertEquals(String.join(System.lineSeparator(), EMPTY_OBJECT, EMPTY_ARRAY, ""), out());
        assertTrue(err().startsWith("idempotent-trace: standard input, line 2, column 2: "), err());
        assertEquals(0, run("", "hash", "--lines"));
    }

    @Test
    void canonicalJsonIsWrittenAsItWas() {
        for (String form : new String[] {"python", "python-str", "python-unicode", "jcs"}) {
            out.reset();
            assertEquals(
                    0,
                    run(
                            "[295147905179352825856.0,-9223372036854775808.0,1e21,1E-7,123456789012345680000.0]",
                            "hash",
                            "--canonical",
                            "--form",
                            form));
            byte[] once = out.toByteArray();
            out.reset();
            assertEquals(0, run(once, "hash", "--canonical", "--form", form), err());
            assertEquals(new String(once, StandardCharsets.UTF_8), out());
        }
    }

    @Test
    void aNameInAnErrorCannotBreakItsLine() {
        assertEquals(1, run("{\"a\\nb\\u001b\":1e999}", "hash", "--form", "jcs"));
        assertEquals(1, err().lines().count(), err());
        assertTrue(err().contains("at '/a\\u000ab\\u001b'"), err());
    }

    @Test
    void whatJcsRefusesIsABadDocumentThatSaysWhere() {
        assertEquals(1, run("{\"a\":[9007199254740993]}", "hash", "--form", "jcs"));
        assertTrue(err().contains("at '/a/0'"), err());
    }

    @Test
    void aMissingFileAndWrongOptionsAreOneLine() {
        assertEquals(2, run("", "hash", folder.resolve("none").toString()));
        assertTrue(err().contains("none' can't be read (NoSuchFileException); name a readable file"), err());
        assertEquals(2, run("", "hash", folder.toString()));
        assertEquals(2, run("", "hash", "--form", "xml"));
        assertEquals(2, run("", "hash", "--nonsense"));
        assertEquals(2, run("", "nonsense"));
        assertEquals(5, err().lines().count(), err());
    }

    /** Behind an option that is misspelt, or in the place of another argument, a secret may stand. */
    @Test
    void whatCannotBePlacedIsNotRepeated() {
        assertEquals(2, run("", "status", "k", "--redis-pasword", "s3cret"));
        assertTrue(err().contains("'--redis-pasword'"), err());
        assertEquals(2, run("", "status", "k", "--redis-pasword=s3cret"));
        assertEquals(2, run("", "status", "k", "s3cret", "s3cret-too"));
        assertTrue(err().contains("2 arguments too many"), err());
        for (String command : new String[] {"config", "bundle"}) {
            assertEquals(2, run("", command, "s3cret"));
        }
        assertEquals(2, run("", "explain", "1", "--set", "mode=observe"));
        assertFalse((err() + out()).contains("s3cret"), err());
        assertEquals(6, err().lines().count(), err());
    }

    @Test
    void aCommandThatIsMisspeltIsSuggestedAndNeverRepeated() {
        assertEquals(2, run("", "dcotor"));
        assertEquals(
                "idempotent-trace: there is no command of that name (did you mean 'doctor'?); see --help",
                err().strip());
        assertEquals(2, run("", "redis://:s3cret@localhost"));
        assertFalse(err().contains("s3cret"), err());
        assertTrue(err().contains("there is no command of that name; see --help"), err());
    }

    @ParameterizedTest
    @CsvSource({"docker,dockerfile", "k8s,kubernetes", "mvn,maven"})
    void shortNamesOfWhatInitPrintsForAreKnown(String known, String whole) {
        assertEquals(0, run("", "init", known));
        String lines = out();
        assertEquals(0, run("", "init", whole));
        assertEquals(lines + lines, out());
    }

    @Test
    void theScriptsArePrintedEachBehindALineWithItsName() {
        assertEquals(0, run("", "scripts"));
        assertEquals(
                List.of(
                        "claim.lua",
                        "complete.lua",
                        "fail.lua",
                        "renew.lua",
                        "delete.lua",
                        "status.lua",
                        "release.lua"),
                out().lines()
                        .filter(line -> line.startsWith("-- ==== "))
                        .map(line -> line.substring("-- ==== ".length()))
                        .toList());
        Specification.scripts()
                .forEach((name, text) ->
                        assertTrue(out().contains("-- ==== " + name + System.lineSeparator() + text), name));
        assertEquals("", err());
    }

    @Test
    void theScriptsAreWrittenReadyToBeLoadedBesideTheirSpecification() throws IOException {
        Path into = folder.resolve("new").resolve("scripts");
        assertEquals(0, run("", "scripts", "--out", into.toString()), err());
        Map<String, String> expected = new HashMap<>(Specification.scripts());
        expected.putAll(Specification.documents());
        try (Stream<Path> files = Files.list(into)) {
            assertEquals(
                    expected.keySet(),
                    files.map(file -> file.getFileName().toString()).collect(Collectors.toSet()));
        }
        for (Map.Entry<String, String> file : expected.entrySet()) {
            assertEquals(file.getValue(), Files.readString(into.resolve(file.getKey())), file.getKey());
        }
        assertTrue(expected.get("claim.lua").contains("local call"), "record.lua is in front");
        assertEquals("", out());
    }

    @Test
    void aFolderThatCantBeWrittenIsOneLine() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertEquals(1, run("", "scripts", "--out", file.resolve("below").toString()));
        assertEquals(1, err().lines().count(), err());
        assertTrue(err().contains("--out '" + file), err());
    }

    @Test
    void helpNamesEverySettingAndTheVersionIsTheJars() {
        assertEquals(0, run("", "settings"));
        for (Setting setting : Setting.values()) {
            assertTrue(out().contains(setting.property() + ", " + setting.environmentVariable()), setting.key());
        }
        assertEquals(0, run("", "--version"));
        assertTrue(out().contains("idempotent-trace 1.2.3"), out());
        assertEquals(0, run("", "--help"));
        assertTrue(out().contains("hash") && out().contains("settings") && out().contains("scripts"), out());
    }

    @Test
    void helpListsEachCommandAndTheCompletionKnowsThem() {
        assertEquals(0, run("", "--help"));
        String help = out();
        assertEquals(0, run("", "generate-completion", "--name", "itrace"));
        Set<String> commands = CommandLineTool.commandLine(
                        "1.2.3", InputStream.nullInputStream(), System.out, System.err)
                .getSubcommands()
                .keySet();
        assertFalse(commands.isEmpty());
        for (String command : commands) {
            assertTrue(help.contains("\n  " + command + " "), help);
            // The name of a shell function has no hyphen.
            assertTrue(out().contains("itrace_" + command.replace("-", "")), command);
        }
        assertEquals(2, run("", "generate-completion", "--name", "a b"));
    }
}
