package io.idempotenttrace.core.operate;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.config.Printable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Whether the records, as far as a sample tells, are all of this version, and hashed alike. */
final class RecordsCheck {

    private static final int SAMPLE = 5000;

    private RecordsCheck() {}

    static void run(RecordScan scan, RecordFilter filter, Consumer<Finding> each) {
        List<RecordLook> sample;
        try {
            sample = scan.sample(filter, SAMPLE);
        } catch (IdempotencyStoreException e) {
            each.accept(Finding.warn(
                    "record versions", "no record can be looked at: " + e.getMessage(), "ACL SETUSER <user> +scan"));
            each.accept(Finding.warn("forms", "no record can be looked at", "ACL SETUSER <user> +scan"));
            return;
        }
        each.accept(versions(sample));
        each.accept(forms(sample));
    }

    private static Finding versions(List<RecordLook> sample) {
        Map<String, Integer> newer = new TreeMap<>();
        for (RecordLook look : sample) {
            if (look.isNewer()) {
                newer.merge(look.version(), 1, Integer::sum);
            }
        }
        return newer.isEmpty()
                ? Finding.ok("record versions", of(sample) + "of version 1")
                : Finding.warn(
                        "record versions",
                        "of " + sample.size() + " records, some are of versions that this one does not know: "
                                + counts(newer)
                                + ". Agents of this version wait for those that are pending, and change none",
                        "upgrade the agent everywhere");
    }

    private static Finding forms(List<RecordLook> sample) {
        Map<String, Integer> forms = new TreeMap<>();
        for (RecordLook look : sample) {
            // Whether nulls are left out may differ: workers compare both.
            forms.merge(look.form().replace("+nonulls", ""), 1, Integer::sum);
        }
        return forms.size() < 2
                ? Finding.ok(
                        "forms",
                        of(sample)
                                + (forms.isEmpty()
                                        ? "of any form"
                                        : "of the form "
                                                + forms.keySet().iterator().next()))
                : Finding.warn(
                        "forms",
                        "of " + sample.size() + " records, hashes are made in " + forms.size() + " ways: "
                                + counts(forms)
                                + ". A worker that does not know another's form or secret takes its records for conflicts",
                        "give all workers the same canonical-form and hash-secret; while a secret is changed, this passes");
    }

    private static String of(List<RecordLook> sample) {
        return sample.isEmpty() ? "no records, none " : "all " + sample.size() + " records looked at are ";
    }

    private static String counts(Map<String, Integer> counts) {
        StringBuilder text = new StringBuilder();
        counts.forEach((name, count) -> text.append(text.length() == 0 ? "" : ", ")
                .append(count)
                .append(" of ")
                .append(Printable.text(name)));
        return text.toString();
    }
}
