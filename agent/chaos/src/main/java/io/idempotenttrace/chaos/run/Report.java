package io.idempotenttrace.chaos.run;

import io.idempotenttrace.chaos.check.Judgement;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a run was, in words and in a plot. */
final class Report {

    private Report() {}

    static void write(RunSettings settings, Judgement judgement, long seconds) throws IOException {
        Samples samples = Samples.of(settings);
        Files.writeString(settings.report().resolve("plot.svg"), Plot.of(samples));
        StringBuilder text = new StringBuilder();
        text.append("# Chaos: ").append(settings.server()).append("\n\n");
        text.append("| | |\n|---|---|\n");
        row(text, "server", samples.server + ", appendfsync " + settings.appendfsync());
        row(text, "on-store-failure", settings.policy() + "; throw in the scope `strict`");
        row(text, "workers", Integer.toString(settings.workers()));
        row(text, "seed", Long.toString(settings.seed()));
        row(
                text,
                "planted bug",
                settings.mutant() == null ? "none" : settings.mutant().title());
        row(text, "length", seconds + " s");
        row(text, "calls", Long.toString(judgement.calls()));
        row(text, "faults", Long.toString(judgement.faults()));
        row(text, "machine stood still", samples.freezes + " times");
        text.append("\nResult:\n\n    ").append(judgement.json()).append("\n\n");
        text.append("Bodies that ran again, by what excuses them: ")
                .append(judgement.excuses())
                .append("\n\n");
        if (!judgement.holds()) {
            text.append("Violated:\n\n");
            judgement
                    .violations()
                    .forEach(line -> text.append("- ").append(line).append('\n'));
            text.append('\n');
        }
        text.append("| phase | times | faults |\n|---|---|---|\n");
        samples.phases.forEach((name, counts) -> text.append("| ")
                .append(name)
                .append(" | ")
                .append(counts[0])
                .append(" | ")
                .append(counts[1])
                .append(" |\n"));
        text.append("\n![calls a second, time of a call, faults](plot.svg)\n");
        Files.writeString(settings.report().resolve("report.md"), text.toString());
    }

    private static void row(StringBuilder text, String name, String value) {
        text.append("| ").append(name).append(" | ").append(value).append(" |\n");
    }

    /** What the plot shows of a history: per second the calls that were answered, and how long they took. */
    static final class Samples {

        final List<List<Long>> millisOfSecond = new ArrayList<>();
        /** Seconds at which faults began, and whether it is the first of a phase. */
        final List<Double> faults = new ArrayList<>();

        final Map<Double, String> phaseStarts = new TreeMap<>();
        final Map<String, int[]> phases = new TreeMap<>();
        String server = "";
        int freezes;

        private Samples() {}

        static Samples of(RunSettings settings) throws IOException {
            Samples samples = new Samples();
            samples.server = settings.binary().toString() + " as " + settings.server();
            JsonMapper json = new JsonMapper();
            Map<Long, Long> delivered = new java.util.HashMap<>();
            long start = -1;
            String phase = "";
            try (BufferedReader reader = Files.newBufferedReader(settings.history())) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    JsonNode event = json.readTree(line);
                    long at = event.get("at").asLong();
                    start = start < 0 ? at : start;
                    double second = (at - start) / 1e6;
                    switch (event.get("e").asString()) {
                        case "deliver" -> delivered.put(event.get("call").asLong(), at);
                        case "answer" -> {
                            Long from = delivered.remove(event.get("call").asLong());
                            if (from != null) {
                                samples.answered((int) second, (at - from) / 1000);
                            }
                        }
                        case "phase" -> {
                            phase = event.get("name").asString();
                            samples.phaseStarts.put(second, phase);
                            samples.phases.computeIfAbsent(phase, name -> new int[2])[0]++;
                        }
                        case "fault" -> {
                            if (event.get("state").asString().equals("begin")) {
                                samples.faults.add(second);
                                samples.phases.computeIfAbsent(phase, name -> new int[2])[1]++;
                            }
                        }
                        case "freeze" -> samples.freezes++;
                        default -> {
                            // Nothing that is drawn.
                        }
                    }
                }
            }
            return samples;
        }

        private void answered(int second, long millis) {
            while (millisOfSecond.size() <= second) {
                millisOfSecond.add(new ArrayList<>());
            }
            millisOfSecond.get(Math.max(0, second)).add(millis);
        }
    }
}
