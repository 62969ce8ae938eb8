package io.idempotenttrace.core.store;

import io.idempotenttrace.config.Printable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Names one record: tenant, scope and idempotency key.
 *
 * <p>The Redis key of a shared record is {@code idem:{tenant}:{key}}, as workers in other languages write it; that of a
 * scoped one is {@code idem:{tenant}%:{scope}:{key}}. Another prefix may stand for {@code idem}. In tenant and scope, {@code ':'} and {@code '%'} are
 * percent-encoded, so the tenant ends at the first {@code ':'}, and a tenant's text never ends with the bare {@code '%'}
 * that marks a scope: no tenant, scope or key can be chosen so that it names another's record.
 *
 * @param tenant never empty
 * @param scope null for a key that is shared with every other writer
 * @param key never empty
 */
public record RecordId(String tenant, @Nullable String scope, String key) {

    /** How the names of records in Redis begin where nobody says otherwise. */
    public static final String DEFAULT_PREFIX = "idem";

    /**
     * Stands for the tenant in the names of failed notes, which are no records: no tenant is encoded so. See {@code record.lua}.
     */
    public static final String FAILED_NOTE = "%failed";

    /**
     * @throws NullPointerException if tenant or key is null
     * @throws IllegalArgumentException if tenant or key is empty
     */
    public RecordId {
        Objects.requireNonNull(tenant, "tenant");
        Objects.requireNonNull(key, "key");
        if (tenant.isEmpty() || key.isEmpty()) {
            throw new IllegalArgumentException(
                    "the " + (tenant.isEmpty() ? "tenant" : "key") + " is empty; a record needs both");
        }
    }

    // Not left to the compiler: what it writes for a record is linked by method handles at the first call, which costs
    // a cold JVM
    // tens of milliseconds.

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RecordId that
                && key.equals(that.key)
                && tenant.equals(that.tenant)
                && Objects.equals(scope, that.scope);
    }

    @Override
    public int hashCode() {
        return (key.hashCode() * 31 + tenant.hashCode()) * 31 + (scope == null ? 0 : scope.hashCode());
    }

    /** For messages: the key, the tenant, and the scope if it has one. */
    public String forPeople() {
        return "key '" + Printable.text(key) + "' of tenant '" + Printable.text(tenant) + "'"
                + (scope == null ? "" : " in scope '" + Printable.text(scope) + "'");
    }

    /** The name of the record in Redis, with the usual prefix. */
    public String redisKey() {
        return redisKey(DEFAULT_PREFIX);
    }

    /**
     * The name of the record in Redis.
     *
     * @param prefix without {@code ':'}
     */
    public String redisKey(String prefix) {
        StringBuilder name = new StringBuilder(
                16 + prefix.length() + tenant.length() + key.length() + (scope == null ? 0 : scope.length()));
        name.append(prefix).append(':');
        return appendName(name);
    }

    /** As {@link #redisKey(String)}, without prefix and the {@code ':'} behind it. */
    public String name() {
        return appendName(new StringBuilder(8 + tenant.length() + key.length() + (scope == null ? 0 : scope.length())));
    }

    private String appendName(StringBuilder name) {
        appendEncoded(tenant, name);
        if (scope != null) {
            name.append("%:");
            appendEncoded(scope, name);
        }
        return name.append(':').append(key).toString();
    }

    /**
     * The record of that name in Redis; null if no record has it.
     *
     * @param prefix as of {@link #redisKey(String)}
     */
    public static @Nullable RecordId ofRedisKey(String prefix, String redisKey) {
        int begin = prefix.length() + 1;
        if (!redisKey.startsWith(prefix) || redisKey.length() <= begin || redisKey.charAt(begin - 1) != ':') {
            return null;
        }
        int tenantEnd = redisKey.indexOf(':', begin);
        if (tenantEnd <= begin || tenantEnd + 1 == redisKey.length()) {
            return null;
        }
        String tenant = redisKey.substring(begin, tenantEnd);
        if (tenant.equals(FAILED_NOTE)) {
            return null;
        }
        if (!tenant.endsWith("%")) {
            return new RecordId(decoded(tenant), null, redisKey.substring(tenantEnd + 1));
        }
        int scopeEnd = redisKey.indexOf(':', tenantEnd + 1);
        if (scopeEnd < 0 || scopeEnd + 1 == redisKey.length() || tenant.length() == 1) {
            return null;
        }
        return new RecordId(
                decoded(tenant.substring(0, tenant.length() - 1)),
                decoded(redisKey.substring(tenantEnd + 1, scopeEnd)),
                redisKey.substring(scopeEnd + 1));
    }

    private static String decoded(String text) {
        return text.replace("%3A", ":").replace("%25", "%");
    }

    /** Appends {@code text} with {@code ':'} as {@code %3A} and {@code '%'} as {@code %25}. */
    public static void appendEncoded(String text, StringBuilder to) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ':') {
                to.append("%3A");
            } else if (c == '%') {
                to.append("%25");
            } else {
                to.append(c);
            }
        }
    }
}
