package io.idempotenttrace.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One benchmark's outcome: its goals and samples as a Markdown table, every value as CSV, and a plot. */
public final class Report {

    private final String name;
    private final String machine;
    private final List<Samples> panels = new ArrayList<>();
    private final List<Goal> goals = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    /** @param name of the benchmark and of its files */
    public Report(String name, String machine) {
        this.name = name;
        this.machine = machine;
    }

    public Report add(Samples samples) {
        panels.add(samples);
        return this;
    }

    public Report add(Goal goal) {
        goals.add(goal);
        return this;
    }

    public Report note(String line) {
        notes.add(line);
        return this;
    }

    /** Prints the tables, and writes {@code name.md}, {@code name.csv} and {@code name.svg} into the folder. */
    public void publish(Path folder) throws IOException {
        String tables = tables();
        System.out.println();
        System.out.println(tables);
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(name + ".md"), tables);
        Files.writeString(folder.resolve(name + ".csv"), csv());
        Files.writeString(folder.resolve(name + ".svg"), new Plot(name, machine, panels).svg());
        System.out.println("written: " + folder.resolve(name) + ".md, .csv, .svg");
    }

    String tables() {
        StringBuilder text = new StringBuilder("# ")
                .append(name)
                .append("\n\n")
                .append(machine)
                .append("\n\n");
        if (!goals.isEmpty()) {
            text.append("| goal | limit | measured | |\n|---|---|---|---|\n");
            for (Goal goal : goals) {
                text.append(String.format(
                        Locale.ROOT,
                        "| %s | %s %s %s | %s %s | %s |%n",
                        goal.what(),
                        goal.upper() ? "at most" : "at least",
                        Figures.text(goal.limit()),
                        goal.unit(),
                        Figures.text(goal.figure()),
                        goal.unit(),
                        goal.verdict()));
            }
            text.append('\n');
        }
        for (Samples panel : panels) {
            text.append("| ")
                    .append(panel.title())
                    .append(", ")
                    .append(panel.unit())
                    .append(
                            " | median | quartiles | lowest, highest | of the first | rounds |\n|---|---|---|---|---|---|\n");
            String first = panel.variants().iterator().next();
            for (String variant : panel.variants()) {
                text.append(String.format(
                        Locale.ROOT,
                        "| %s | %s | %s, %s | %s, %s | %s | %d |%n",
                        variant,
                        Figures.text(panel.median(variant)),
                        Figures.text(panel.quantile(variant, 0.25)),
                        Figures.text(panel.quantile(variant, 0.75)),
                        Figures.text(panel.quantile(variant, 0)),
                        Figures.text(panel.quantile(variant, 1)),
                        Figures.text(panel.median(variant) / panel.median(first)),
                        panel.of(variant).size()));
            }
            text.append('\n');
        }
        notes.forEach(note -> text.append(note).append('\n'));
        return text.toString();
    }

    String csv() {
        StringBuilder text = new StringBuilder("measured,variant,round,value,unit\n");
        for (Samples panel : panels) {
            for (String variant : panel.variants()) {
                int round = 0;
                for (double value : panel.of(variant)) {
                    text.append(quoted(panel.title()))
                            .append(',')
                            .append(quoted(variant))
                            .append(',')
                            .append(++round)
                            .append(',')
                            .append(value)
                            .append(',')
                            .append(quoted(panel.unit()))
                            .append('\n');
                }
            }
        }
        return text.toString();
    }

    private static String quoted(String text) {
        return text.indexOf(',') < 0 && text.indexOf('"') < 0 ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
