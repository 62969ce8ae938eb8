package io.idempotenttrace.cli;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Printable;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.operate.OperatedStore;
import io.idempotenttrace.core.operate.RecordLook;
import io.idempotenttrace.core.store.RecordId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The record of a key. Who names neither a scope nor {@code --shared} gets the shared record, or else that of the one scope that has the key.
 *
 * @param id the record; null where no scope was named and none has the key
 * @param look what stands there; null if there is no record
 * @param elsewhere where neither a scope was named nor one has the key: the records that other tenants have of it
 */
record KeyTarget(@Nullable RecordId id, @Nullable RecordLook look, String tenant, List<RecordId> elsewhere) {

    private static final int LONGEST = 1024;
    private static final int MOST_PLACES = 5;

    /** @throws WrongUseException if several scopes have the key, or the key can't be meant */
    static KeyTarget find(
            String key, StoreOptions options, Configuration configuration, OperatedStore store, Terminal terminal) {
        String tenant = configuration.text(Setting.TENANT);
        String scope = options.scope();
        boolean named = scope != null || options.shared();
        RecordId wanted = new RecordId(tenant, scope == null ? null : configuration.recordScope(scope), key);
        Optional<RecordLook> found = store.find(wanted);
        if (named || found.isPresent()) {
            return new KeyTarget(wanted, found.orElse(null), tenant, List.of());
        }
        List<RecordId> all = store.withKey(key, terminal.progress());
        List<RecordId> scopes = all.stream()
                .filter(id -> id.scope() != null && id.tenant().equals(tenant))
                .toList();
        if (scopes.size() > 1) {
            throw new WrongUseException("the key '" + Printable.text(key) + "' of tenant '" + Printable.text(tenant)
                    + "' is in " + scopes.size() + " scopes; name one by --scope: "
                    + scopes.stream()
                            .map(id -> Printable.text(String.valueOf(id.scope())))
                            .collect(Collectors.joining(", ")));
        }
        if (scopes.isEmpty()) {
            all.remove(wanted);
            return new KeyTarget(null, null, tenant, all);
        }
        return new KeyTarget(scopes.get(0), store.find(scopes.get(0)).orElse(null), tenant, List.of());
    }

    /** Where else the key has records, for people; empty if nowhere. */
    String elsewhereText() {
        if (elsewhere.isEmpty()) {
            return "";
        }
        String places =
                elsewhere.stream().limit(MOST_PLACES).map(KeyTarget::place).collect(Collectors.joining("; "));
        int more = elsewhere.size() - MOST_PLACES;
        return ". The key has records elsewhere: " + places + (more > 0 ? "; and " + more + " more" : "")
                + ". Name one by --tenant, and --scope or --shared";
    }

    private static String place(RecordId id) {
        return "tenant '" + Printable.text(id.tenant()) + "', "
                + (id.scope() == null ? "shared" : "scope '" + Printable.text(id.scope()) + "'");
    }

    /** @throws WrongUseException if no record can have the key */
    static void check(String key) {
        if (key.isEmpty()) {
            throw new WrongUseException(
                    "the key is empty, and no record has an empty key. Perhaps a variable of the shell is not set");
        }
        if (key.indexOf('\ufffd') >= 0) {
            throw new WrongUseException(
                    "the key has a character that this locale can't hold; set LC_ALL=C.UTF-8, and call again");
        }
        if (key.length() > LONGEST) {
            throw new WrongUseException(
                    "the key has " + key.length() + " characters. No record has more than " + LONGEST
                            + ": give it as it stands in the record, where a longer one is its first 128 characters, '...sha256:' and"
                            + " its SHA-256");
        }
    }

    /** The key for people. */
    static String named(RecordId id) {
        return "key '" + Printable.text(id.key()) + "' of " + place(id);
    }
}
