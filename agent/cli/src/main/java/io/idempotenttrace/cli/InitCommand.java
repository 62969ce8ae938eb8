package io.idempotenttrace.cli;

import io.idempotenttrace.config.Printable;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what belongs into a build or a deployment, for the version of this jar. */
@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        description = "Prints the lines that belong into a build or a deployment, for the version of this jar.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:they were printed", "2:wrong use"})
final class InitCommand implements Callable<Integer> {

    private static final String MAVEN = """
            <dependency>
              <groupId>io.idempotenttrace</groupId>
              <artifactId>idempotent-trace-annotations</artifactId>
              <version>%1$s</version>
            </dependency>
            <!-- Then mark the method that emits, and what tells deliveries apart:
                   @IdempotentTrace
                   void emit(@IdempotencyKey("/id") Order order)
                 and start the JVM with -javaagent:/path/to/idempotent-trace-agent.jar -->
            """;
    private static final String GRADLE = """
            val agent by configurations.creating { isTransitive = false }

            dependencies {
                implementation("io.idempotenttrace:idempotent-trace-annotations:%1$s")
                agent("io.idempotenttrace:idempotent-trace-agent:%1$s")
            }

            // build/agent/idempotent-trace-agent.jar, for -javaagent and for an image
            val agentJar by tasks.registering(Copy::class) {
                from(agent)
                into(layout.buildDirectory.dir("agent"))
                rename { "idempotent-trace-agent.jar" }
            }
            """;
    private static final String DOCKERFILE = """
            # idempotent-trace-agent.jar %1$s, beside this file
            COPY idempotent-trace-agent.jar /opt/idempotent-trace/
            ENV JAVA_TOOL_OPTIONS="-javaagent:/opt/idempotent-trace/idempotent-trace-agent.jar"
            # REDIS_URL names the shared Redis: give it when the container starts, not in the image
            """;
    private static final String KUBERNETES = """
            # Into the container of the Deployment; the image has idempotent-trace-agent.jar %1$s, see: init dockerfile
            env:
              - name: JAVA_TOOL_OPTIONS
                value: -javaagent:/opt/idempotent-trace/idempotent-trace-agent.jar
              - name: REDIS_URL
                valueFrom:
                  secretKeyRef:
                    name: idempotent-trace
                    key: redis-url
            # The agent completes the calls that run when the pod stops (stop-wait, 10s):
            # leave terminationGracePeriodSeconds above what the application and that take together
            """;

    @Parameters(
            paramLabel = "maven|gradle|dockerfile|kubernetes",
            arity = "0..1",
            defaultValue = "maven",
            description = "what the lines are for (default: maven)")
    private String target;

    @Spec
    private CommandSpec spec;

    private final String version;

    @SuppressWarnings("NullAway") // picocli sets the options before it calls call().
    InitCommand(String version) {
        this.version = version;
    }

    @Override
    public Integer call() {
        String lines = switch (target.toLowerCase(Locale.ROOT)) {
            case "maven", "mvn" -> MAVEN;
            case "gradle" -> GRADLE;
            case "dockerfile", "docker" -> DOCKERFILE;
            case "kubernetes", "k8s" -> KUBERNETES;
            default -> "";
        };
        if (lines.isEmpty()) {
            spec.commandLine()
                    .getErr()
                    .println("idempotent-trace: '" + Printable.text(target)
                            + "' is none of maven, gradle, dockerfile, kubernetes");
            return 2;
        }
        spec.commandLine().getOut().print(String.format(Locale.ROOT, lines, version));
        spec.commandLine().getOut().flush();
        return 0;
    }
}
