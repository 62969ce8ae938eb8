package io.idempotenttrace.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DemoCommandTest {

    private static final Pattern TIME = Pattern.compile("^ *[0-9.]+ s  ");

    @Test
    void theStoryShowsEachVerdictAndChargesEachOrderOnce() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();

        int status = CommandLineTool.run(
                "1.2.3",
                new String[] {"demo", "--pause", "0"},
                new ByteArrayInputStream(new byte[0]),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));

        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(0, status, () -> lines + " " + err.toString(StandardCharsets.UTF_8));
        List<String> verdicts = lines.stream()
                .filter(line -> TIME.matcher(line).find())
                .map(line -> TIME.matcher(line).replaceFirst(""))
                .map(line -> line.replaceFirst("^(worker \\d)  (order-\\d+) +\\d+  (.{11}).*", "$1 $2 $3")
                        .strip())
                .collect(Collectors.toList());
        assertEquals(
                List.of(
                        "worker 1 order-17 new",
                        "worker 2 order-17 in progress",
                        "worker 1 order-17",
                        "worker 2 order-17 duplicate",
                        "worker 1 order-17 conflict",
                        "worker 1 order-17",
                        "worker 1 order-18 new",
                        "worker 2 order-18 new",
                        "worker 1 order-19 new",
                        "worker 2 order-19 in progress",
                        "worker 2 order-19 new",
                        "worker 1 order-19"),
                verdicts);
        assertTrue(lines.get(lines.size() - 1).contains("3 charges"), lines::toString);
        assertTrue(lines.stream().anyMatch(line -> line.contains("differs in /amount")), lines::toString);
    }
}
