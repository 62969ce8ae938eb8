package io.idempotenttrace.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A command that a page shows, and what the page shows of its output: an indented line that begins with {@code $}, and the indented lines
 * below it.
 *
 * @param command as a shell takes it
 * @param output without the indent and without a line end
 */
public record ShownCommand(String command, String output) {

    private static final String INDENT = "    ";
    private static final String PROMPT = INDENT + "$ ";
    private static final long MAX_SECONDS = 60;

    /** All of a page, in its order. */
    public static List<ShownCommand> of(Path page) throws IOException {
        List<ShownCommand> shown = new ArrayList<>();
        String command = null;
        List<String> output = new ArrayList<>();
        for (String line : Files.readAllLines(page)) {
            boolean next = line.startsWith(PROMPT);
            if (command != null && (next || !line.startsWith(INDENT))) {
                shown.add(new ShownCommand(command, String.join("\n", output)));
                command = null;
                output.clear();
            }
            if (next) {
                command = line.substring(PROMPT.length());
            } else if (command != null) {
                output.add(line.substring(INDENT.length()));
            }
        }
        if (command != null) {
            shown.add(new ShownCommand(command, String.join("\n", output)));
        }
        return shown;
    }

    /** The same command with another text in it, such as the port that a test has. */
    public ShownCommand with(String text, String other) {
        return new ShownCommand(command.replace(text, other), output);
    }

    /** Runs it by a shell in the repository, and returns what it printed on both outputs, without the last line end. */
    public String run() throws IOException, InterruptedException {
        Path printed = Files.createTempFile("shown-command", ".txt");
        try {
            Process process = new ProcessBuilder("sh", "-c", command)
                    .directory(SharedData.repository().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(printed.toFile())
                    .start();
            if (!process.waitFor(MAX_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new AssertionError("not within " + MAX_SECONDS + " s: " + command);
            }
            return Files.readString(printed, StandardCharsets.UTF_8).stripTrailing();
        } finally {
            Files.delete(printed);
        }
    }
}
