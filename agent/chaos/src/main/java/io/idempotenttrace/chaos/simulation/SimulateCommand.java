package io.idempotenttrace.chaos.simulation;

import io.idempotenttrace.chaos.WrongArgumentException;
import io.idempotenttrace.chaos.mutants.Mutant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** Runs the agent's own code in worlds that seeds decide. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        description =
                "Runs the guard, the calls of the Redis store and its scripts in simulated worlds, one for each seed, and prints the story of the"
                        + " first one in which a property is violated. The last line is JSON.")
public final class SimulateCommand implements Callable<Integer> {

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many worlds, with one seed after the other (default: ${DEFAULT-VALUE}).")
    private long seeds;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "The first seed (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--mutant", paramLabel = "NAME", description = "A planted bug that the code is to have.")
    private String mutant;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "How many worlds at a time; as many as there are processors.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Override
    public Integer call() {
        if (seeds < 1 || threads < 1) {
            throw new WrongArgumentException(
                    "--seeds is " + seeds + " and --threads " + threads + "; give 1 or more of each");
        }
        if (seeds - 1 > Long.MAX_VALUE - Math.max(seed, 0)) {
            throw new WrongArgumentException("--seed is " + seed + " and --seeds " + seeds
                    + ", beyond the last seed there is, " + Long.MAX_VALUE);
        }
        long begun = System.nanoTime();
        Map<String, Object> result = run(mutant == null ? null : Mutant.named(mutant), seed, seeds, threads);
        Map<String, Object> last = new LinkedHashMap<>(result);
        last.put("seconds", Math.round((System.nanoTime() - begun) / 1e7) / 100.0);
        Object story = last.remove("story");
        if (story instanceof List<?> lines) {
            lines.forEach(System.out::println);
            System.out.println("replay: java -jar agent/chaos/target/chaos.jar simulate --seed " + last.get("seed")
                    + (mutant == null ? "" : " --mutant " + mutant));
        } else {
            if (mutant != null) {
                System.err.println("the planted bug " + mutant + " was not found in " + seeds
                        + (seeds == 1 ? " world" : " worlds") + "; give more --seeds");
            }
            ((Map<?, ?>) last.get("counts"))
                    .forEach((what, times) -> System.out.printf("%10d  %s%n", (Integer) times, what));
        }
        if (mutant != null) {
            last.put("mutant", mutant);
        }
        System.out.println(JsonMapper.shared().writeValueAsString(last));
        return story == null ? 0 : 1;
    }

    /** As {@link Simulation#run}, of code with that planted bug; null for none. */
    @SuppressWarnings("unchecked")
    static Map<String, Object> run(Mutant mutant, long first, long number, int threads) {
        if (mutant == null) {
            return Simulation.run(first, number, threads);
        }
        try {
            return (Map<String, Object>) new MutantLoader(mutant)
                    .loadClass(Simulation.class.getName())
                    .getMethod("run", long.class, long.class, int.class)
                    .invoke(null, first, number, threads);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the simulator can't run with the planted bug " + mutant, e);
        }
    }
}
