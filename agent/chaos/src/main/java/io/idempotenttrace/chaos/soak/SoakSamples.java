package io.idempotenttrace.chaos.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a run at full load has taken, moment by moment. */
final class SoakSamples {

    private static final double MIB = 1 << 20;

    private final Sampled heap = new Sampled("live heap MiB", 2);
    private final Sampled count = new Sampled("threads", 2);
    private final Sampled descriptors = new Sampled("descriptors", 4);
    private final Sampled direct = new Sampled("direct memory MiB", 2);
    private final Sampled resident = new Sampled("resident memory MiB", 16);
    private final Sampled server = new Sampled("memory of Redis MiB", 2);
    private final List<Sampled> resources = new ArrayList<>(List.of(heap, count, descriptors, direct, resident));
    private long calls;

    /** @param withServer whether there is a Redis whose memory counts */
    SoakSamples(boolean withServer) {
        if (withServer) {
            resources.add(server);
        }
    }

    /** @param line of {@link io.idempotenttrace.chaos.worker.SoakWorker} */
    void add(String line, long serverBytes) {
        String[] words = line.split("\t");
        if (words.length != 7 || !words[0].equals("sample")) {
            throw new IllegalStateException("the worker said '" + line + "', which is no sample");
        }
        calls = Long.parseLong(words[1]);
        heap.add(Long.parseLong(words[2]) / MIB);
        count.add(Long.parseLong(words[3]));
        descriptors.add(Long.parseLong(words[4]));
        direct.add(Long.parseLong(words[5]) / MIB);
        resident.add(Long.parseLong(words[6]) / MIB);
        server.add(serverBytes / MIB);
    }

    long calls() {
        return calls;
    }

    List<Sampled> resources() {
        return resources;
    }

    /** The names of those that grow. */
    List<String> growing() {
        return resources.stream()
                .filter(each -> !each.isFlat())
                .map(Sampled::name)
                .toList();
    }

    /** Writes report.md and plot.svg. */
    void write(Path folder, String what, long seconds) throws IOException {
        StringBuilder text = new StringBuilder(
                "# Soak: " + what + "\n\n" + calls + " calls in " + seconds
                        + " s. Medians of the second and of the last quarter:\n\n| | second | last | flat |\n|---|---|---|---|\n");
        for (Sampled each : resources) {
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %.1f | %.1f | %s |%n",
                    each.name(),
                    each.early(),
                    each.late(),
                    each.isFlat() ? "yes" : "no"));
        }
        Files.writeString(folder.resolve("report.md"), text.append("\n![each over time](plot.svg)\n"));
        Files.writeString(folder.resolve("plot.svg"), SoakPlot.of(resources, seconds));
    }
}
