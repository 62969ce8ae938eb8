package io.idempotenttrace.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.agent.AgentEngine;
import io.idempotenttrace.bridge.GuardPoint;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.guard.Guard;
import io.idempotenttrace.weaver.Engine;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * agent/docs/troubleshooting.md has each message of the agent, and no other. The messages are the texts among the constants of its classes:
 * the compiler writes what is put together of several texts as one constant with a control character for each value, so that a constant,
 * cut there, gives the parts that are always the same. Four words make a message; what has fewer is a name or stands inside of one.
 */
class TroubleshootingPageTest {

    private static final Path PAGE = Path.of("..", "docs", "troubleshooting.md");

    /** A class of each module that prints, or whose exceptions an application gets. */
    private static final List<Class<?>> MODULES =
            List.of(Setting.class, GuardPoint.class, AgentEngine.class, Guard.class, Engine.class);

    /** What only commands print, which have help of their own, and the tables of settings, metrics and codes, which have their pages. */
    private static final Pattern OF_COMMANDS =
            Pattern.compile("io/idempotenttrace/(core/(operate|spec)/.*|core/figures/Metric"
                    + "|weaver/(ProblemCode|ExplainedMethod|MethodExplainer)"
                    + "|agent/AttachCommand|config/Setting)(\\$\\w+)?\\.class");

    private static final Pattern CODE = Pattern.compile("`([^`]*)`");
    private static final int WORDS_OF_A_MESSAGE = 4;
    /** A row may have a part of a message, if one can tell by it which one is meant. */
    private static final int WORDS_OF_A_ROW = 3;

    @Test
    void thePageHasEachMessage() throws Exception {
        Map<String, String> messages = messages(/* ofCommands= */ false);
        assertTrue(messages.size() > 500, () -> "messages found: " + messages.size());
        Set<String> rows = rows();
        List<String> telling =
                rows.stream().filter(row -> words(row) >= WORDS_OF_A_ROW).toList();
        List<String> lacking = messages.entrySet().stream()
                .filter(message -> words(message.getKey()) >= WORDS_OF_A_MESSAGE)
                .filter(message ->
                        !rows.contains(message.getKey()) && telling.stream().noneMatch(message.getKey()::contains))
                .map(message -> '`' + message.getKey() + "` of " + message.getValue())
                .toList();
        assertEquals(
                List.of(),
                lacking,
                "agent/docs/troubleshooting.md lacks these messages. Add each to the first column of a table there, whole or a part of at"
                        + " least three words, with what differs written as …, and say why it comes and what to do");
    }

    @Test
    void eachMessageOfThePageIsOneOfTheAgents() throws Exception {
        Set<String> messages = messages(/* ofCommands= */ true).keySet();
        List<String> unknown = rows().stream()
                .filter(row -> messages.stream().noneMatch(message -> message.contains(row)))
                .toList();
        assertEquals(List.of(), unknown, "no class of the agent has these texts of agent/docs/troubleshooting.md");
    }

    /** What the first columns of the page's tables have as code, cut where a value stands. */
    private static Set<String> rows() throws IOException {
        Set<String> rows = new TreeSet<>();
        for (String line : Files.readAllLines(PAGE)) {
            if (line.startsWith("| `")) {
                Matcher code = CODE.matcher(line.split("\\|")[1]);
                while (code.find()) {
                    Arrays.stream(code.group(1).split("…"))
                            .map(TroubleshootingPageTest::oneLine)
                            .filter(text -> !text.isEmpty())
                            .forEach(rows::add);
                }
            }
        }
        return rows;
    }

    /** The texts of the agent's classes, each with a class that has it. */
    private static Map<String, String> messages(boolean ofCommands) throws IOException, URISyntaxException {
        Map<String, String> messages = new TreeMap<>();
        for (Class<?> one : MODULES) {
            Path place = Path.of(
                    one.getProtectionDomain().getCodeSource().getLocation().toURI());
            if (Files.isDirectory(place)) {
                readClasses(place, ofCommands, messages);
            } else {
                try (FileSystem jar = FileSystems.newFileSystem(place)) {
                    readClasses(jar.getPath("/"), ofCommands, messages);
                }
            }
        }
        return messages;
    }

    private static void readClasses(Path root, boolean ofCommands, Map<String, String> messages) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".class"))
                    .sorted()
                    .collect(Collectors.toList())) {
                String name = root.relativize(file).toString();
                if (ofCommands || !OF_COMMANDS.matcher(name).matches()) {
                    for (String text : constants(Files.readAllBytes(file))) {
                        for (String part : text.split("[\\x00-\\x08]")) {
                            messages.putIfAbsent(oneLine(part), name);
                        }
                    }
                }
            }
        }
    }

    /** The constants of a class file that are texts in its code (JVMS 4.4). */
    private static List<String> constants(byte[] classFile) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(classFile));
        in.skipBytes(8);
        int count = in.readUnsignedShort();
        String[] utf8 = new String[count];
        List<Integer> texts = new ArrayList<>();
        for (int i = 1; i < count; i++) {
            int tag = in.readUnsignedByte();
            switch (tag) {
                case 1 -> utf8[i] = in.readUTF();
                case 8 -> texts.add(in.readUnsignedShort());
                case 5, 6 -> {
                    in.skipBytes(8);
                    i++;
                }
                case 7, 16, 19, 20 -> in.skipBytes(2);
                case 15 -> in.skipBytes(3);
                case 3, 4, 9, 10, 11, 12, 17, 18 -> in.skipBytes(4);
                default -> throw new IOException("a constant of the unknown kind " + tag);
            }
        }
        return texts.stream().map(text -> utf8[text]).toList();
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }

    /** How many of its words have a letter. */
    private static long words(String text) {
        return Arrays.stream(text.split(" "))
                .filter(word -> word.chars().anyMatch(Character::isLetter))
                .count();
    }
}
