package io.idempotenttrace.cli;

import io.idempotenttrace.config.Printable;
import io.idempotenttrace.core.canonical.CanonicalForm;
import io.idempotenttrace.core.canonical.JsonReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What {@code explain} has to say of a method, for people; read from the line of JSON that programs get. */
final class ExplainedText {

    private static final int LONGEST = 4_000;

    private final Map<?, ?> method;

    private ExplainedText(Map<?, ?> method) {
        this.method = method;
    }

    static ExplainedText of(String line) {
        return new ExplainedText((Map<?, ?>) Objects.requireNonNull(JsonReader.read(line, CanonicalForm.PYTHON)));
    }

    boolean isGuarded() {
        return Boolean.TRUE.equals(method.get("guarded"));
    }

    List<?> problems() {
        return (List<?>) Objects.requireNonNull(method.get("problems"));
    }

    private boolean lacksClasses() {
        return problems().stream().anyMatch(problem -> "class-missing".equals(((Map<?, ?>) problem).get("code")));
    }

    /** The lines of the method, the first of which has its name. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        Object parameters = method.get("parameters");
        lines.add(method.get("method")
                + (parameters == null ? "" : "(" + joined((List<?>) parameters, ", ") + ")")
                + (isGuarded() ? "" : "   not guarded"));
        if (isGuarded()) {
            add(lines, "scope", method.get("scope"));
            add(lines, "key", method.get("key"));
            add(lines, "tenant", method.get("tenant"));
            Object outline = method.get("document");
            add(lines, "hashed", outline == null && lacksClasses() ? "not known" : document(outline));
            add(lines, "policies", policies((Map<?, ?>) Objects.requireNonNull(method.get("policies"))));
        }
        Object counts = method.get("counts");
        if (counts != null) {
            List<String> each = new ArrayList<>();
            ((Map<?, ?>) counts).forEach((ending, count) -> each.add(ending + "=" + count));
            add(lines, "counts", String.join(" ", each));
        }
        if (method.get("observed") instanceof Map<?, ?> observed) {
            observed.forEach((verdict, calls) -> add(lines, "observed", observed(verdict, (Map<?, ?>) calls)));
        }
        for (Object problem : problems()) {
            Map<?, ?> told = (Map<?, ?>) problem;
            lines.add("  ! " + told.get("code") + ": " + Printable.text(String.valueOf(told.get("message")), LONGEST));
        }
        return lines;
    }

    /** {@code duplicate=3 would not have run: keys 'a', 'b' (differs in amount)}. */
    private static String observed(Object verdict, Map<?, ?> calls) {
        List<String> examples = new ArrayList<>();
        for (Object each : (List<?>) Objects.requireNonNull(calls.get("examples"))) {
            Map<?, ?> example = (Map<?, ?>) each;
            List<?> members = (List<?>) Objects.requireNonNull(example.get("differingMembers"));
            examples.add("'" + example.get("key") + "'"
                    + (members.isEmpty() ? "" : " (differs in " + joined(members, " and ") + ")"));
        }
        return verdict + "=" + calls.get("calls") + " would not have run: keys " + String.join(", ", examples);
    }

    private static void add(List<String> lines, String name, @Nullable Object value) {
        if (value != null) {
            lines.add(String.format("    %-9s ", name) + Printable.text(value.toString(), LONGEST));
        }
    }

    private static String joined(List<?> values, String separator) {
        return String.join(separator, values.stream().map(Object::toString).toList());
    }

    /** {@code {id: String, lines: [{sku: String}]}}; null where nothing is hashed. */
    private static String document(@Nullable Object outline) {
        if (outline instanceof Map<?, ?> members) {
            List<String> each = new ArrayList<>();
            members.forEach((name, value) -> each.add(name + ": " + document(value)));
            return "{" + String.join(", ", each) + "}";
        }
        if (outline instanceof List<?> elements) {
            return "[" + joined(elements.stream().map(ExplainedText::document).toList(), ", ") + "]";
        }
        return outline == null ? "nothing" : outline.toString();
    }

    private static String policies(Map<?, ?> policies) {
        return "duplicate " + policies.get("onDuplicate") + ", in progress " + policies.get("onInProgress") + " ("
                + millis(policies.get("inProgressWaitMillis")) + "), conflict " + policies.get("onConflict")
                + ", store failure " + policies.get("onStoreFailure") + "; ttl " + millis(policies.get("ttlMillis"))
                + ", lease " + millis(policies.get("leaseMillis"));
    }

    /** As a user writes it: {@code 24h}, {@code 30s}, {@code 100ms}. */
    private static String millis(@Nullable Object value) {
        long millis = Long.parseLong(String.valueOf(value));
        if (millis % 1000 != 0 || millis == 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds % 3600 == 0) {
            return seconds / 3600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }
}
