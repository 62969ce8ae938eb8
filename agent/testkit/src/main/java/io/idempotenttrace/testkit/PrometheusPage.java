package io.idempotenttrace.testkit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page in Prometheus's text format 0.0.4, read strictly: as Prometheus reads it, and with what {@code promtool check metrics} asks for
 * besides. What is not right throws an AssertionError that has the line.
 */
public final class PrometheusPage {

    private static final Pattern HELP = Pattern.compile("# HELP ([a-z_][a-z0-9_]*) (\\S.*)");
    private static final Pattern TYPE = Pattern.compile("# TYPE ([a-z_][a-z0-9_]*) (counter|gauge|histogram)");
    private static final Pattern SAMPLE =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)\\})? (\\+Inf|-Inf|NaN|-?[0-9]+(?:\\.[0-9]+)?)");
    private static final Pattern LABEL =
            Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\n]|\\\\[\\\\\"n])*)\"(,|$)");

    /** The family that the lines belong to which come now; null before the first. */
    private String family;

    private String type;
    private final Set<String> families = new HashSet<>();
    /** By family, the names of its labels without {@code le}. */
    private final Map<String, Set<String>> labels = new TreeMap<>();
    /** By name with labels, sorted by name of label. */
    private final Map<String, Double> values = new LinkedHashMap<>();

    private final Map<String, List<Bucket>> buckets = new LinkedHashMap<>();

    private record Bucket(double bound, double count) {}

    private PrometheusPage() {}

    public static PrometheusPage read(String text) {
        PrometheusPage page = new PrometheusPage();
        check(text.endsWith("\n"), "the page does not end with a line feed");
        String help = null;
        for (String line : text.substring(0, text.length() - 1).split("\n", -1)) {
            Matcher helping = HELP.matcher(line);
            Matcher typing = TYPE.matcher(line);
            if (helping.matches()) {
                help = helping.group(1);
            } else if (typing.matches()) {
                page.begin(typing.group(1), typing.group(2), help, line);
            } else {
                page.sample(line);
            }
        }
        page.buckets.forEach(page::checkBuckets);
        return page;
    }

    /** The value of a name with its labels, sorted by name, such as {@code a_total{scope="s",verdict="new"}}. */
    public double value(String series) {
        Double value = values.get(series);
        check(value != null, "no " + series + " among " + values.keySet());
        return value;
    }

    /** What samples may be called, with the names of their labels; a histogram has three. */
    public Map<String, Set<String>> series() {
        Map<String, Set<String>> series = new TreeMap<>();
        for (String name : families) {
            series.put(name, labels.getOrDefault(name, Set.of()));
        }
        values.keySet().forEach(each -> {
            String name = each.replaceAll("\\{.*", "");
            series.computeIfAbsent(name, unused -> new HashSet<>());
            Matcher label = Pattern.compile("([a-z_]+)=\"").matcher(each);
            Set<String> all = new HashSet<>(series.get(name));
            while (label.find()) {
                all.add(label.group(1));
            }
            series.put(name, all);
        });
        return series;
    }

    private void begin(String name, String kind, String help, String line) {
        check(name.equals(help), "no HELP just before: " + line);
        check(families.add(name), "twice: " + line);
        check(
                kind.equals("counter") == name.endsWith("_total"),
                "a counter, and nothing else, ends with _total: " + line);
        check(
                !name.matches(".*(_bucket|_count|_sum|_milliseconds|_millis|_minutes)"),
                "a name that means otherwise: " + line);
        family = name;
        type = kind;
    }

    private void sample(String line) {
        Matcher matcher = SAMPLE.matcher(line);
        check(matcher.matches(), "no sample: " + line);
        String name = matcher.group(1);
        String suffix = family != null && name.startsWith(family) ? name.substring(family.length()) : "?";
        check(
                "histogram".equals(type) ? Set.of("_bucket", "_sum", "_count").contains(suffix) : suffix.isEmpty(),
                "a sample that does not belong to " + family + ": " + line);
        Map<String, String> found = labels(matcher.group(2), line);
        double value = number(matcher.group(3));
        check("gauge".equals(type) || value >= 0, "below 0: " + line);
        if (suffix.equals("_bucket")) {
            String bound = found.remove("le");
            check(bound != null, "a bucket without bound: " + line);
            buckets.computeIfAbsent(family + text(found), first -> new ArrayList<>())
                    .add(new Bucket(number(bound), value));
            found.put("le", bound);
        }
        check(values.put(name + text(found), value) == null, "twice: " + line);
        Set<String> names = new HashSet<>(found.keySet());
        names.remove("le");
        Set<String> before = labels.putIfAbsent(family, names);
        check(before == null || before.equals(names), "other labels than before: " + line);
    }

    private static Map<String, String> labels(String text, String line) {
        Map<String, String> found = new TreeMap<>();
        if (text == null) {
            return found;
        }
        Matcher matcher = LABEL.matcher(text);
        int end = 0;
        while (matcher.lookingAt()) {
            check(found.put(matcher.group(1), matcher.group(2)) == null, "a label twice: " + line);
            end = matcher.end();
            matcher.region(end, text.length());
        }
        check(end == text.length() && !text.isEmpty() && !text.endsWith(","), "no labels: " + line);
        return found;
    }

    private static String text(Map<String, String> labels) {
        List<String> all = new ArrayList<>();
        labels.forEach((name, value) -> all.add(name + "=\"" + value + '"'));
        return all.isEmpty() ? "" : '{' + String.join(",", all) + '}';
    }

    private void checkBuckets(String series, List<Bucket> all) {
        String name = series.replaceAll("\\{.*", "");
        String rest = series.substring(name.length());
        for (int i = 1; i < all.size(); i++) {
            check(all.get(i - 1).bound < all.get(i).bound, "bounds that do not grow: " + series);
            check(all.get(i - 1).count <= all.get(i).count, "counts that shrink: " + series);
        }
        Bucket last = all.get(all.size() - 1);
        check(last.bound == Double.POSITIVE_INFINITY, "no bucket for all: " + series);
        check(last.count == value(name + "_count" + rest), "another count than that of the last bucket: " + series);
        value(name + "_sum" + rest);
    }

    private static double number(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    private static void check(boolean right, String problem) {
        if (!right) {
            throw new AssertionError(problem);
        }
    }
}
