package io.idempotenttrace.cli;

import io.idempotenttrace.config.ConfigurationException;
import io.idempotenttrace.weaver.MethodExplainer;
import io.idempotenttrace.weaver.ProblemCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells of an application, or of one that runs, which methods are guarded, how, and what is wrong with them. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = {
            "Tells which methods the agent guards, with scope, key, hashed document and policies, and what is wrong with them.",
            "Of a file or a class path no code runs: its classes are loaded, and not initialized. Of a process, its agent tells it, with"
                    + " how the calls of each method ended.",
            "",
            "With --json one object a line: {method, scope, key, document, problems: [{code, message}], guarded, parameters, tenant,"
                    + " policies, counts}. In a document, the key * stands for every other member, and a list has the type of its elements."
        },
        footerHeading = "%nCodes of problems:%n",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:methods were found",
            "1:none was found, or one has a problem and --strict is given; or the process can't be asked",
            "2:wrong use: an option, a setting or a file"
        })
final class ExplainCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "JAR|DIR|CLASSPATH|PID",
            description =
                    "a jar (a fat one of Spring Boot and a web archive too), a folder of classes, a class path of these, where"
                            + " folder/* stands for its jars; or the id of a process that the agent runs in")
    private String application;

    @Option(names = "--strict", description = "exit with 1 if there is any problem: for a build")
    private boolean strict;

    @Mixin
    private final SettingOptions options = new SettingOptions();

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway") // picocli sets the options before it calls call().
    ExplainCommand() {}

    /** One line for each code, for the help. */
    static String[] codes() {
        List<String> lines = new ArrayList<>();
        for (ProblemCode code : ProblemCode.values()) {
            lines.add(String.format("  %-22s %s", code.text(), code.meaning()));
        }
        return lines.toArray(new String[0]);
    }

    @Override
    public Integer call() throws ConfigurationException, CommandFailure {
        try {
            return RunningAgent.isProcess(application) && !Files.exists(Path.of(application)) ? ofProcess() : ofPath();
        } catch (IOException e) {
            throw ApplicationPath.unreadable(application, e.toString());
        }
    }

    private int ofProcess() throws CommandFailure {
        if (options.areGiven()) {
            throw new WrongUseException("a process has settings of its own; leave --config-file and --set out");
        }
        try (RunningAgent agent = RunningAgent.of(application)) {
            if (!options.json()) {
                spec.commandLine().getOut().println(agent.now() + "\n");
            }
            return print(
                    agent.explain(),
                    "the agent in process " + application
                            + " has met no annotated method yet: classes are guarded as they load");
        }
    }

    private int ofPath() throws ConfigurationException, IOException {
        MethodExplainer explainer = new MethodExplainer(options.configuration());
        try (ApplicationPath path = new ApplicationPath(application)) {
            path.forEach(explainer::met);
            List<String> lines = explainer.lines();
            explainer.notes().forEach(note -> spec.commandLine().getErr().println("idempotent-trace: " + note));
            return print(
                    lines,
                    "no method with @IdempotentTrace is in '" + application + "'; looked at " + path.classes()
                            + " classes. Give the application's own classes, and its libraries on one class path");
        }
    }

    private int print(List<String> lines, String nothing) {
        PrintWriter out = spec.commandLine().getOut();
        int guarded = 0;
        int problems = 0;
        for (String line : lines) {
            ExplainedText text = ExplainedText.of(line);
            guarded += text.isGuarded() ? 1 : 0;
            problems += text.problems().size();
            if (options.json()) {
                out.println(line);
            } else {
                text.lines().forEach(out::println);
                out.println();
            }
        }
        if (lines.isEmpty()) {
            spec.commandLine().getErr().println("idempotent-trace: " + nothing);
            return 1;
        }
        if (!options.json()) {
            out.println(guarded + " of " + lines.size() + (lines.size() == 1 ? " method" : " methods") + " guarded, "
                    + (problems == 0 ? "no" : problems) + (problems == 1 ? " problem" : " problems"));
        }
        out.flush();
        return strict && problems > 0 ? 1 : 0;
    }
}
