package io.idempotenttrace.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What the jar shows that is started without a command: what one can do with it, in the order in which one needs it. */
final class FirstSteps {

    private static final String JAR = "java -jar idempotent-trace-agent.jar ";

    /**
     * One line.
     *
     * @param command that must be there; empty for none
     */
    private record Step(String purpose, String command, String line) {}

    private static final List<Step> STEPS = List.of(
            new Step("see what it does, on a small story", "demo", JAR + "demo"),
            new Step("add the annotations to a build", "init", JAR + "init maven        (or gradle)"),
            new Step("see what will be guarded, and what is wrong", "explain", JAR + "explain app.jar"),
            new Step(
                    "run with it; REDIS_URL names the shared Redis",
                    "",
                    "java -javaagent:idempotent-trace-agent.jar -jar app.jar"),
            new Step("put it into a JVM that runs", "attach", JAR + "attach PID"),
            new Step("check Redis", "doctor", JAR + "doctor"),
            new Step("ask what became of a key", "status", JAR + "status KEY --scope SCOPE"),
            new Step(
                    "ask a process what it guards, and its settings",
                    "explain",
                    JAR + "explain PID        (or config PID)"),
            new Step("write a file for whoever helps", "bundle", JAR + "bundle PID"),
            new Step("list the settings; all commands", "", JAR + "settings           (or --help)"));

    private FirstSteps() {}

    /** @param commands those that there are */
    static List<String> lines(String version, Set<String> commands) {
        List<String> lines = new ArrayList<>();
        lines.add(version + " runs a method's body once per idempotency key.");
        lines.add("");
        for (Step step : STEPS) {
            if (step.command.isEmpty() || commands.contains(step.command)) {
                lines.add("  " + step.purpose + ":");
                lines.add("      " + step.line);
            }
        }
        return lines;
    }
}
