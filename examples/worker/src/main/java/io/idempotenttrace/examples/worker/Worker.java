package io.idempotenttrace.examples.worker;

import io.idempotenttrace.examples.worker.TraceFiles.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The program: reads trace files, delivers each span several times in shuffled order, and reports what was emitted. */
@Command(
        name = "worker",
        mixinStandardHelpOptions = true,
        version = "idempotent-trace example worker 0.1.0",
        description = {
            "Emits the spans of Zipkin v2 JSON trace files into a JSON-lines file, each delivered several times, as an"
                    + " at-least-once queue does. Start it with -javaagent:idempotent-trace-agent.jar, and each span is emitted once.",
            "Its last line on stdout is JSON: spans, deliveries, emitted, duplicates, conflicts, errors, seconds. On a terminal a table of them stands before it."
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:every delivery was emitted, or refused as a duplicate or conflict",
            "1:some delivery ended in an error",
            "2:wrong option, or a file that is missing or holds no spans; nothing is emitted"
        })
public final class Worker implements Callable<Integer> {

    @Option(
            names = "--deliveries",
            paramLabel = "N",
            defaultValue = "3",
            description = "how often each span is delivered (default ${DEFAULT-VALUE})")
    private int deliveries;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "4",
            description = "how many threads emit (default ${DEFAULT-VALUE})")
    private int threads;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "42",
            description = "of the order of deliveries (default ${DEFAULT-VALUE})")
    private long seed;

    @Option(
            names = "--tenant",
            paramLabel = "T",
            defaultValue = "default",
            description = "the tenant (default ${DEFAULT-VALUE})")
    private String tenant;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "the JSON-lines file that spans are added to (default: a new file in the temporary folder)")
    private Path out;

    @Parameters(paramLabel = "FILE", description = "Zipkin v2 JSON files; none: a small bundled sample")
    private List<Path> files = new ArrayList<>();

    /** The program's entry. */
    public static void main(String[] arguments) {
        CommandLine line = new CommandLine(new Worker());
        line.setParameterExceptionHandler((wrong, args) -> {
            System.err.println(
                    "worker: " + wrong.getMessage().lines().findFirst().orElse("") + "; see --help");
            return 2;
        });
        System.exit(line.execute(arguments));
    }

    @Override
    public Integer call() throws InterruptedException {
        if (deliveries < 1 || threads < 1) {
            System.err.println("worker: --deliveries and --threads must be 1 or more; see --help");
            return 2;
        }
        try {
            // All files first: a bad one must not leave half of the others emitted.
            List<byte[]> spans = new ArrayList<>();
            for (Path file : files) {
                spans.addAll(TraceFiles.read(file));
            }
            return run(files.isEmpty() ? TraceFiles.readSample() : spans);
        } catch (BadInputException e) {
            System.err.println("worker: " + e.getMessage());
            return 2;
        }
    }

    private int run(List<byte[]> spans) throws BadInputException, InterruptedException {
        List<byte[]> messages = new ArrayList<>(spans.size() * deliveries);
        for (int i = 0; i < deliveries; i++) {
            messages.addAll(spans);
        }
        Collections.shuffle(messages, new Random(seed));
        try (TraceStore store = open()) {
            long begun = System.nanoTime();
            SpanEmitter emitter = new SpanEmitter(store);
            Delivery delivery = new Delivery(emitter, tenant);
            try (Progress progress = new Progress(delivery, messages.size())) {
                deliverAll(new ConcurrentLinkedQueue<>(messages), delivery);
            }
            double seconds = (System.nanoTime() - begun) / 1e9;
            print(new Report(
                    spans.size(),
                    messages.size(),
                    emitter.emitted(),
                    messages.size() - emitter.emitted() - delivery.conflicts() - delivery.errors(),
                    delivery.conflicts(),
                    delivery.errors(),
                    seconds));
            return delivery.errors() == 0 ? 0 : 1;
        } catch (IOException e) {
            throw new BadInputException("the file of --out can't be written (" + e + ")");
        }
    }

    private TraceStore open() throws IOException {
        Path file = out;
        if (file == null) {
            file = Files.createTempFile("spans-", ".jsonl");
            System.err.println("worker: spans go to " + file);
        }
        return new TraceStore(file);
    }

    private void deliverAll(ConcurrentLinkedQueue<byte[]> queue, Delivery delivery) throws InterruptedException {
        List<Thread> consumers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Thread consumer = new Thread(
                    () -> {
                        for (byte[] message = queue.poll(); message != null; message = queue.poll()) {
                            delivery.deliver(message);
                        }
                    },
                    "consumer-" + i);
            consumer.start();
            consumers.add(consumer);
        }
        for (Thread consumer : consumers) {
            consumer.join();
        }
    }

    private static void print(Report report) {
        if (Terminal.is(Terminal.STDOUT)) {
            System.out.print(report.table());
        }
        System.out.println(report.json());
    }
}
