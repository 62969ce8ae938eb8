package io.idempotenttrace.benchmarks;

import io.idempotenttrace.benchmarks.program.ClassLoading;
import io.idempotenttrace.benchmarks.program.DoNothingTransformer;
import io.idempotenttrace.benchmarks.program.NearClass00000;
import io.idempotenttrace.benchmarks.program.PlainClass00000;
import io.idempotenttrace.benchmarks.report.Goal;
import io.idempotenttrace.benchmarks.report.Report;
import io.idempotenttrace.benchmarks.report.Samples;
import io.idempotenttrace.testkit.ForkedJvm;
import io.idempotenttrace.testkit.Jdks;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What the search for the annotation adds to the loading of classes that do not have it. */
@Command(name = "class-load", description = "Loads 20,000 classes without annotation, agent on and off.")
final class ClassLoadBenchmark implements Callable<Integer> {

    private static final int CLASSES = 20_000;
    private static final int QUICK_CLASSES = 2_000;
    private static final String NONE = "no agent";
    private static final String OURS = "idempotent-trace";

    @Mixin
    private RunOptions options;

    @Override
    public Integer call() throws Exception {
        Path doNothing = Artifacts.doNothingAgent();
        Path doNothingTransformer = Artifacts.agentJar(DoNothingTransformer.class);
        Map<String, UnaryOperator<ForkedJvm.Builder>> variants = new LinkedHashMap<>();
        variants.put(NONE, jvm -> jvm);
        variants.put("do-nothing agent", jvm -> jvm.agent(doNothing, ""));
        variants.put("do-nothing transformer", jvm -> jvm.agent(doNothingTransformer, ""));
        variants.put(OURS, jvm -> jvm.agent(Artifacts.AGENT, "store=memory"));
        int count = options.quick() ? QUICK_CLASSES : CLASSES;
        Report report = options.report("class-load", options.jdks(), count + " classes");
        for (Jdks.Jdk jdk : options.jdks()) {
            Samples plain = new Samples("loading, " + jdk, "us a class");
            // Of the loading thread alone: what other processes of the machine do moves it less.
            Samples cpu = new Samples("loading, CPU time, " + jdk, "us a class");
            Samples near = new Samples("loading classes that nearly name the annotation, " + jdk, "us a class");
            Samples nearCpu =
                    new Samples("loading classes that nearly name the annotation, CPU time, " + jdk, "us a class");
            for (int round = 1; round <= options.rounds(); round++) {
                variants.forEach((name, variant) -> {
                    double[] micros = micros(variant.apply(ForkedJvm.on(jdk)), PlainClass00000.class, count);
                    plain.add(name, micros[0]);
                    cpu.add(name, micros[1]);
                    double[] nearMicros = micros(variant.apply(ForkedJvm.on(jdk)), NearClass00000.class, count);
                    near.add(name, nearMicros[0]);
                    nearCpu.add(name, nearMicros[1]);
                });
                options.progress(round);
            }
            report.add(plain).add(cpu).add(near).add(nearCpu);
            report.add(Goal.atMost(1.03, "times", jdk + ": on / off", plain.medianRatio(OURS, NONE)));
            report.add(Goal.atMost(1.03, "times", jdk + ": on / off, CPU time", cpu.medianRatio(OURS, NONE)));
            report.add(
                    Goal.atMost(1.03, "times", jdk + ": on / off, names nearly match", near.medianRatio(OURS, NONE)));
            report.add(Goal.atMost(
                    1.03, "times", jdk + ": on / off, names nearly match, CPU time", nearCpu.medianRatio(OURS, NONE)));
        }
        options.publish(report);
        return 0;
    }

    /** By the clock, and of the CPU. */
    private static double[] micros(ForkedJvm.Builder jvm, Class<?> template, int count) {
        ForkedJvm.Result result = jvm.main(
                        Artifacts.CLASS_PATH,
                        ClassLoading.class.getName(),
                        template.getSimpleName(),
                        Integer.toString(count))
                .run();
        if (result.exitCode() != 0) {
            throw new IllegalStateException(result.toString());
        }
        return Arrays.stream(result.out().get(0).split(" "))
                .mapToDouble(nanos -> Long.parseLong(nanos) / 1e3 / count)
                .toArray();
    }
}
