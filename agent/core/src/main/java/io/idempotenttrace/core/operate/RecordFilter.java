package io.idempotenttrace.core.operate;

import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.RecordStatus;
import org.jspecify.annotations.Nullable;

/**
 * Which records are meant.
 *
 * @param tenant null for all
 * @param scope null for all
 * @param shared whether records without a scope alone are meant
 * @param status null for all
 * @param olderThanMillis first claimed longer ago than that; 0 for all
 * @param holder host, or host and process id with a {@code '/'} between, of who holds or completed it; null for all
 */
public record RecordFilter(
        @Nullable String tenant,
        @Nullable String scope,
        boolean shared,
        @Nullable RecordStatus status,
        long olderThanMillis,
        @Nullable String holder) {

    /** Records keep so much of a host's name, its end. */
    private static final int LONGEST_HOST = 32;

    /** All records of these. */
    public static RecordFilter of(@Nullable String tenant, @Nullable String scope, boolean shared) {
        return new RecordFilter(tenant, scope, shared, null, 0, null);
    }

    /** What SCAN is given: it lets through each name that {@link #names} does, and perhaps others. */
    String pattern(String prefix) {
        StringBuilder pattern = new StringBuilder(prefix).append(':');
        if (tenant != null || scope != null) {
            pattern.append('*');
        }
        if (tenant != null) {
            appendPart(tenant, pattern);
        }
        if (scope != null) {
            pattern.append("%:");
            appendPart(scope, pattern);
            pattern.append(':');
        }
        return pattern.append('*').toString();
    }

    /** The same for the records of one key, in whose names it stands last, as it is. */
    static String patternOfKey(String prefix, String key) {
        StringBuilder pattern = new StringBuilder(prefix).append(":*:");
        appendLiteral(key, pattern);
        return pattern.append('*').toString();
    }

    private static void appendPart(String text, StringBuilder to) {
        StringBuilder encoded = new StringBuilder();
        RecordId.appendEncoded(text, encoded);
        appendLiteral(encoded, to);
    }

    /** In a pattern, some characters would mean something. */
    private static void appendLiteral(CharSequence text, StringBuilder to) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '*' || c == '?' || c == '[' || c == ']' || c == '\\' || c == '^') {
                to.append('\\');
            }
            to.append(c);
        }
    }

    /** Whether it may be meant, by its name. */
    boolean names(RecordId id) {
        return (tenant == null || tenant.equals(id.tenant()))
                && (scope == null || scope.equals(id.scope()))
                && (!shared || id.scope() == null);
    }

    /** Whether it has to be read to know. */
    boolean needsContent() {
        return status != null || olderThanMillis > 0 || holder != null;
    }

    /** Whether it is meant. */
    boolean contains(RecordLook look) {
        return names(look.id())
                && (status == null || status == look.status())
                && (olderThanMillis <= 0 || look.ageMillis() >= olderThanMillis)
                && (holder == null || isHolder(holder, look.holder()));
    }

    private static boolean isHolder(String wanted, @Nullable String holder) {
        if (holder == null) {
            return false;
        }
        int slash = wanted.indexOf('/');
        String host = slash < 0 ? wanted : wanted.substring(0, slash);
        String end = host.length() <= LONGEST_HOST ? host : host.substring(host.length() - LONGEST_HOST);
        String begin = end + (slash < 0 ? "" : wanted.substring(slash));
        return holder.equals(begin) || holder.startsWith(begin + '/');
    }
}
