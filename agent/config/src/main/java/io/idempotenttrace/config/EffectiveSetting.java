package io.idempotenttrace.config;

/** A setting as it counts in this JVM. It can be shown to anybody: secrets are masked. Seen by JMX through its getters. */
public final class EffectiveSetting {

    /** Stands in the place of a secret. */
    public static final String MASK = "***";

    private final String name;
    private final String value;
    private final String source;

    EffectiveSetting(String name, String value, String source) {
        this.name = name;
        this.value = value;
        this.source = source;
    }

    /** As a user writes it: {@code ttl}, {@code scope.<scope>.ttl}, {@code type.<class or package>.unseen-fields}. */
    public String getName() {
        return name;
    }

    /** Empty where it is not set and has no default. */
    public String getValue() {
        return value;
    }

    /** {@code default}, or who gave the value, in words. */
    public String getSource() {
        return source;
    }

    /** The value of that setting as it may be shown. */
    static String masked(Setting setting, String value) {
        if (!setting.secret() || value.isEmpty()) {
            return value;
        }
        return setting.kind() == ValueKind.REDIS_URL ? withoutLogin(value) : MASK;
    }

    /** Of a URL as {@link RedisUrl} gives it: it has a scheme, and no {@code '@'} but the one before the hosts. */
    private static String withoutLogin(String url) {
        int at = url.lastIndexOf('@');
        int authority = url.indexOf("://") + "://".length();
        return at < authority ? url : url.substring(0, authority) + MASK + url.substring(at);
    }
}
