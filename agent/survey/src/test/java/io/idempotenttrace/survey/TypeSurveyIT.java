package io.idempotenttrace.survey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The value and message types that popular libraries hand around: two unequal objects never hash alike, two equal ones always do,
 * or the type is refused. Prints the counts of each library. It takes most of a minute, with hundreds of libraries on its class path.
 */
@Tag("matrix")
class TypeSurveyIT {

    private static final List<Library> LIBRARIES = Survey.libraries();
    private static final Map<String, Finding> FINDINGS = new TreeMap<>();

    /** Python's text tells 1.0 from 1.00, and has no zone but its offset; the README says so. */
    private static final Set<String> IN_PYTHON_TOO = Set.of(
            "java.lang, java.math BigDecimal: UNEQUAL PAYLOAD_IN_PYTHON_STR",
            "java.time, java.util dates ZonedDateTime: COLLISION PAYLOAD_IN_PYTHON_STR of zone and the first");

    @BeforeAll
    static void look() {
        int types = 0;
        int equal = 0;
        int different = 0;
        int refused = 0;
        int faulty = 0;
        System.out.printf(
                "%-58s %5s %5s %9s %7s %6s  %s%n",
                "library", "types", "equal", "different", "refused", "faulty", "why it is here");
        for (Library library : LIBRARIES) {
            List<Finding> found = library.types().stream().map(Finding::of).toList();
            found.forEach(finding -> {
                if (FINDINGS.put(finding.type().name(), finding) != null) {
                    throw new IllegalStateException(
                            "the table has " + finding.type().name() + " twice");
                }
            });
            int equalHere = found.stream().mapToInt(Finding::equal).sum();
            int differentHere = found.stream().mapToInt(Finding::different).sum();
            int refusedHere = (int)
                    found.stream().filter(finding -> finding.refusal() != null).count();
            int faultyHere = (int) found.stream()
                    .filter(finding -> !finding.faults().isEmpty())
                    .count();
            System.out.printf(
                    "%-58s %5d %5d %9d %7d %6d  %s%n",
                    library.name(), found.size(), equalHere, differentHere, refusedHere, faultyHere, library.why());
            types += found.size();
            equal += equalHere;
            different += differentHere;
            refused += refusedHere;
            faulty += faultyHere;
        }
        System.out.printf(
                "type survey: libraries=%d types=%d equal=%d different=%d refused=%d faulty=%d%n",
                LIBRARIES.size(), types, equal, different, refused, faulty);
    }

    @Test
    void theTableHas300TypesOf60Libraries() {
        assertTrue(LIBRARIES.size() >= 60, LIBRARIES.size() + " libraries");
        assertTrue(FINDINGS.size() >= 300, FINDINGS.size() + " types");
    }

    @Test
    void noTypeLosesAPayloadOrSeesAConflictThatIsNone() {
        List<String> faults = new ArrayList<>();
        FINDINGS.forEach((name, finding) -> finding.faults().forEach(fault -> faults.add(name + ": " + fault)));
        assertTrue(faults.removeAll(IN_PYTHON_TOO), () -> "no longer so, or no longer in the table: " + IN_PYTHON_TOO);
        assertTrue(faults.isEmpty(), () -> faults.size() + " faults:\n" + String.join("\n", faults));
    }

    /** A type that is refused anew is a regression for its users: it gets a rule, or a line with the reason. */
    @Test
    void noOtherTypesAreRefusedThanThoseThatAreExpected() {
        Map<String, String> unexpected = new TreeMap<>();
        FINDINGS.forEach((name, finding) -> {
            if (finding.refusal() != null && !ExpectedRefusals.REASONS.containsKey(name)) {
                unexpected.put(name, finding.refusal());
            }
        });
        assertTrue(unexpected.isEmpty(), () -> "refused, and not in expected-refusals.tsv: " + unexpected);
    }

    /** The list is no longer than it has to be. */
    @Test
    void eachExpectedRefusalIsATypeOfTheTable() {
        Set<String> unknown = new TreeSet<>(ExpectedRefusals.REASONS.keySet());
        unknown.removeAll(FINDINGS.keySet());
        assertEquals(Set.of(), unknown);
    }

    @Test
    void eachRefusalNamesAClassAndWhatToDo() {
        FINDINGS.values().stream()
                .filter(finding -> finding.refusal() != null)
                .forEach(finding -> assertTrue(
                        finding.refusal().matches("(?s).*\\w+\\.\\w+.*(@Unhashed|hand over|pass|exclude|open).*"),
                        () -> finding.type().name() + ": " + finding.refusal()));
    }
}
