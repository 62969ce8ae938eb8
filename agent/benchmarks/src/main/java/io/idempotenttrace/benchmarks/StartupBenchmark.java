package io.idempotenttrace.benchmarks;

import io.idempotenttrace.benchmarks.program.Nothing;
import io.idempotenttrace.benchmarks.report.Goal;
import io.idempotenttrace.benchmarks.report.Report;
import io.idempotenttrace.benchmarks.report.Samples;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** From the start of a JVM to its end, where nothing is annotated: what everybody pays for whom the agent does nothing. */
@Command(
        name = "startup",
        description = "JVM start to exit, no annotated class: no agent, a do-nothing agent, ours, OpenTelemetry's.")
final class StartupBenchmark implements Callable<Integer> {

    private static final String NONE = "no agent";
    private static final String DO_NOTHING = "do-nothing agent";
    private static final String OURS = "idempotent-trace";
    private static final String OTEL = "opentelemetry, otel.sdk.disabled";
    private static final String OTEL_OFF = "opentelemetry, otel.javaagent.enabled=false";

    @Mixin
    private RunOptions options;

    @Override
    public Integer call() throws Exception {
        Path doNothing = Artifacts.doNothingAgent();
        Map<String, UnaryOperator<ForkedJvm.Builder>> variants = new LinkedHashMap<>();
        variants.put(NONE, jvm -> jvm);
        variants.put(DO_NOTHING, jvm -> jvm.agent(doNothing, ""));
        variants.put(OURS, jvm -> jvm.agent(Artifacts.AGENT, "store=memory"));
        variants.put(OTEL, jvm -> jvm.agent(Artifacts.OPENTELEMETRY, "").jvm("-Dotel.sdk.disabled=true"));
        variants.put(OTEL_OFF, jvm -> jvm.agent(Artifacts.OPENTELEMETRY, "").jvm("-Dotel.javaagent.enabled=false"));
        Report report = options.report("startup", options.jdks(), "");
        for (Jdks.Jdk jdk : options.jdks()) {
            Samples millis = new Samples("JVM start to exit, " + jdk, "ms");
            for (int round = 1; round <= options.rounds(); round++) {
                variants.forEach((name, variant) -> millis.add(name, startToExit(variant.apply(ForkedJvm.on(jdk)))));
                options.progress(round);
            }
            report.add(millis);
            report.add(Goal.atMost(
                    1.25, "times", jdk + ": of the do-nothing agent", millis.medianRatio(OURS, DO_NOTHING)));
            double ours = millis.median(OURS) - millis.median(NONE);
            report.add(Goal.atMost(
                    0.1,
                    "times",
                    jdk + ": of what opentelemetry with its SDK disabled adds",
                    ours / (millis.median(OTEL) - millis.median(NONE))));
        }
        options.publish(report);
        return 0;
    }

    private static double startToExit(ForkedJvm.Builder jvm) {
        long begin = System.nanoTime();
        ForkedJvm.Result result =
                jvm.main(Artifacts.CLASS_PATH, Nothing.class.getName()).run();
        double millis = (System.nanoTime() - begin) / 1e6;
        if (result.exitCode() != 0) {
            throw new IllegalStateException(result.toString());
        }
        return millis;
    }
}
