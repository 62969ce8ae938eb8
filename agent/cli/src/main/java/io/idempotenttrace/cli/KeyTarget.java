package io.idempotenttrace.cli;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Printable;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.operate.OperatedStore;
import io.idempotenttrace.core.operate.RecordLook;
import io.idempotenttrace.core.store.RecordId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The record of a key. Who names neither a scope nor {@code --shared} gets the shared record, or else that of the one scope that has the key.
 *
 * @param id the record; null where no scope was named and none has the key
 * @param look what stands there; null if there is no record
 */
record KeyTarget(@Nullable RecordId id, @Nullable RecordLook look, String tenant) {

    private static final int LONGEST = 1024;

    /** @throws WrongUseException if several scopes have the key, or the key can't be meant */
    static KeyTarget find(
            String key, StoreOptions options, Configuration configuration, OperatedStore store, Terminal terminal) {
        String tenant = configuration.text(Setting.TENANT);
        String scope = options.scope();
        if (scope != null || options.shared()) {
            RecordId id = new RecordId(tenant, scope == null ? null : configuration.recordScope(scope), key);
            return new KeyTarget(id, store.find(id).orElse(null), tenant);
        }
        RecordId shared = new RecordId(tenant, null, key);
        Optional<RecordLook> found = store.find(shared);
        if (found.isPresent()) {
            return new KeyTarget(shared, found.get(), tenant);
        }
        List<RecordId> scopes = store.inScopes(tenant, key, terminal.progress());
        if (scopes.size() > 1) {
            StringBuilder names = new StringBuilder();
            for (RecordId each : scopes) {
                names.append(names.length() == 0 ? "" : ", ").append(Printable.text(String.valueOf(each.scope())));
            }
            throw new WrongUseException("the key '" + Printable.text(key) + "' of tenant '" + Printable.text(tenant)
                    + "' is in " + scopes.size() + " scopes; name one by --scope: " + names);
        }
        return scopes.isEmpty()
                ? new KeyTarget(null, null, tenant)
                : new KeyTarget(scopes.get(0), store.find(scopes.get(0)).orElse(null), tenant);
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
        return "key '" + Printable.text(id.key()) + "' of tenant '" + Printable.text(id.tenant()) + "', "
                + (id.scope() == null ? "shared" : "scope '" + Printable.text(id.scope()) + "'");
    }
}
