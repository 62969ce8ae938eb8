package io.idempotenttrace.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** The command line: one subcommand for each benchmark. */
@Command(
        name = "benchmarks",
        mixinStandardHelpOptions = true,
        subcommands = {
            StartupBenchmark.class,
            FirstCallBenchmark.class,
            ClassLoadBenchmark.class,
            CallsBenchmark.class,
            RedisBenchmark.class,
            RecordFormatBenchmark.class,
            VirtualThreadsBenchmark.class,
            PeersBenchmark.class,
            FootprintBenchmark.class,
            ObservabilityBenchmark.class,
            Benchmarks.Jmh.class
        })
public final class Benchmarks {

    private Benchmarks() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Benchmarks()).execute(arguments));
    }

    /** What JMH's own command line can do, such as {@code jmh HashBenchmark -prof gc}. */
    @Command(name = "jmh", description = "Runs JMH's own command line with the arguments that follow.")
    static final class Jmh implements Callable<Integer> {

        @Unmatched
        private List<String> arguments = new ArrayList<>();

        @Override
        public Integer call() throws Exception {
            org.openjdk.jmh.Main.main(arguments.toArray(String[]::new));
            return 0;
        }
    }
}
