package io.idempotenttrace.survey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.canonical.CanonicalForm;
import io.idempotenttrace.core.canonical.Exclusions;
import io.idempotenttrace.core.canonical.PayloadHasher;
import io.idempotenttrace.core.open.PayloadHashers;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which of the values of {@code unseen-fields} loses nothing, and which refuses least: the counts of the survey under each. */
@Tag("matrix")
class UnseenFieldsSurveyIT {

    /**
     * @param colliding types of which two unequal objects hash alike: payloads are lost
     * @param unequal types of which two equal objects hash differently: conflicts that are none
     */
    private record Counts(long refused, long colliding, long unequal) {}

    @Test
    void theDefaultLosesNothing() {
        Map<String, Counts> counts = new TreeMap<>();
        for (String policy : List.of("refuse", "hash", "ignore")) {
            counts.put(policy, counts(policy));
            System.out.println("unseen-fields=" + policy + ": " + counts.get(policy));
        }
        Counts byDefault = counts.get(Configuration.defaults().text(Setting.UNSEEN_FIELDS));
        assertEquals(0, byDefault.colliding() + byDefault.unequal(), () -> counts.toString());
        assertTrue(
                counts.get("ignore").colliding() > 0,
                () -> "nothing is lost where unseen fields are ignored: " + counts);
    }

    private static Counts counts(String policy) {
        PayloadHasher hasher = new PayloadHasher(CanonicalForm.PYTHON)
                .with(PayloadHashers.unseenFields(
                        Configuration.defaults().with(Setting.UNSEEN_FIELDS, policy), /* scope= */ ""));
        Look payload = new Look() {
            @Override
            public String of(Object value) {
                return hasher.hash(value, Exclusions.NONE);
            }

            @Override
            public boolean isPayload() {
                return true;
            }
        };
        List<Finding> findings = Survey.libraries().stream()
                .flatMap(library -> library.types().stream())
                .map(type -> Finding.of(type, List.of(payload)))
                .toList();
        return new Counts(
                findings.stream().filter(finding -> finding.refusal() != null).count(),
                having(findings, "COLLISION"),
                having(findings, "UNEQUAL"));
    }

    private static long having(List<Finding> findings, String kind) {
        return findings.stream()
                .filter(finding -> finding.faults().stream().anyMatch(fault -> fault.startsWith(kind)))
                .count();
    }
}
