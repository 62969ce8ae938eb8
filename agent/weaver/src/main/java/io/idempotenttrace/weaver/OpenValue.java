package io.idempotenttrace.weaver;

import io.idempotenttrace.core.canonical.DigitLimit;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A text, number, boolean or character as the result of a method whose declared type says less, such as {@code Object},
 * {@code Comparable}, {@code Serializable}, {@code CharSequence} or {@code Number}. JSON has one kind of number, so what JSON alone would
 * bring back as another class is written with the name of its kind before it: {@code long 5}. No JSON begins so, and the kinds are a closed
 * list: what stands in Redis names no class.
 */
final class OpenValue {

    /** Types that say so little that JSON alone does not tell which class was meant. */
    static final Set<Class<?>> TYPES = Set.of(
            Object.class,
            Number.class,
            Comparable.class,
            java.io.Serializable.class,
            CharSequence.class,
            Cloneable.class);

    private static final String LONG = "long ";
    private static final String SHORT = "short ";
    private static final String BYTE = "byte ";
    private static final String FLOAT = "float ";
    private static final String DOUBLE = "double ";
    private static final String DECIMAL = "decimal ";
    private static final String INTEGER = "integer ";
    private static final String CHARACTER = "char ";

    private OpenValue() {}

    /** Whether JSON brings the value back as it is. */
    static boolean isPlain(@Nullable Object value) {
        return value == null
                || value instanceof String
                || value instanceof Boolean
                || value instanceof Integer
                || value instanceof Double number && Double.isFinite(number);
    }

    /** The value with its kind; null for one that is of none of them. */
    static @Nullable String text(@Nullable Object value) {
        if (value instanceof Long) {
            return LONG + value;
        } else if (value instanceof Double) {
            return DOUBLE + value;
        } else if (value instanceof Float) {
            return FLOAT + value;
        } else if (value instanceof Short) {
            return SHORT + value;
        } else if (value instanceof Byte) {
            return BYTE + value;
        } else if (value instanceof Character character) {
            // By its number: half of a surrogate pair has no bytes in UTF-8.
            return CHARACTER + (int) character;
        }
        // The application may have subclasses of these.
        Class<?> type = value == null ? null : value.getClass();
        return type == BigDecimal.class ? DECIMAL + value : type == BigInteger.class ? INTEGER + value : null;
    }

    /**
     * The value that {@link #text} has written; null for JSON.
     *
     * @throws IllegalArgumentException if the text is none of a value
     */
    static @Nullable Object read(String text) {
        int space = text.indexOf(' ') + 1;
        String value = text.substring(space);
        return switch (text.substring(0, space)) {
            case LONG -> Long.valueOf(value);
            case DOUBLE -> Double.valueOf(value);
            case FLOAT -> Float.valueOf(value);
            case SHORT -> Short.valueOf(value);
            case BYTE -> Byte.valueOf(value);
            case CHARACTER -> character(value);
            case DECIMAL -> new BigDecimal(bounded(value));
            case INTEGER -> new BigInteger(bounded(value));
            default -> null;
        };
    }

    /** Whoever writes to Redis could let each duplicate read for seconds. */
    private static String bounded(String digits) {
        if (digits.length() > DigitLimit.MOST_DIGITS) {
            throw new IllegalArgumentException(
                    "a number of more than " + DigitLimit.MOST_DIGITS + " digits is not read");
        }
        return digits;
    }

    private static Character character(String value) {
        int number = Integer.parseInt(value);
        if (number < Character.MIN_VALUE || number > Character.MAX_VALUE) {
            throw new IllegalArgumentException(number + " is no character");
        }
        return (char) number;
    }
}
