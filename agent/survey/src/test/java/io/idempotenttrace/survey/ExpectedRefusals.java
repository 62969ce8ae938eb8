package io.idempotenttrace.survey;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** The types of the survey that are refused, each with the reason for which it is: {@code expected-refusals.tsv}. */
final class ExpectedRefusals {

    static final Map<String, String> REASONS = read();

    private ExpectedRefusals() {}

    private static Map<String, String> read() {
        Map<String, String> reasons = new TreeMap<>();
        try (InputStream file = ExpectedRefusals.class.getResourceAsStream("expected-refusals.tsv")) {
            for (String line : new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                int tab = line.indexOf('\t');
                if (tab < 0 || line.substring(tab + 1).isBlank()) {
                    throw new IllegalStateException(
                            "expected-refusals.tsv: '" + line + "' has no reason; write one behind a tab");
                }
                reasons.put(line.substring(0, tab), line.substring(tab + 1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return reasons;
    }
}
