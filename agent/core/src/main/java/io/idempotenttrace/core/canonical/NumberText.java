package io.idempotenttrace.core.canonical;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * Numbers as text: the shortest digits that read back as the same number, written as Python's {@code repr} or as ECMAScript's
 * {@code Number::toString} (RFC 8785, 3.2.2.3) writes them. Never by {@link Double#toString}: its digits differ between JDK 17
 * and later ones.
 */
final class NumberText {

    private NumberText() {}

    /**
     * Initialises {@link ShortestDecimal}. If that first happened deep in a payload, on a thread whose stack then overflows, the class
     * could never be used again.
     */
    static void prepare() {
        python(0.1);
        python(0.1f);
        // Its power of ten is made by a division, which uses more of the classes of BigInteger.
        python(1e300);
    }

    /** As Python's {@code repr(float)}; NaN and the infinities as {@code json.dumps} writes them. */
    static String python(double value) {
        if (value == 0 || !Double.isFinite(value)) {
            return pythonSpecial(value);
        }
        return python(value < 0, ShortestDecimal.of(value));
    }

    /** The float's own shortest digits, not those of the double that it widens to. */
    static String python(float value) {
        if (value == 0 || !Float.isFinite(value)) {
            return pythonSpecial(value);
        }
        return python(value < 0, ShortestDecimal.of(value));
    }

    private static String pythonSpecial(double value) {
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        return Double.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
    }

    private static String python(boolean negative, ShortestDecimal number) {
        StringBuilder text = new StringBuilder(26).append(negative ? "-" : "");
        String digits = Long.toString(number.digits());
        // The number is 0.<digits> * 10^point.
        int point = number.exponent() + digits.length();
        if (point > -4 && point <= 16) {
            appendPlain(digits, point, text);
            return point >= digits.length() ? text.append(".0").toString() : text.toString();
        }
        appendScientific(digits, point - 1, /* exponentDigits= */ 2, text);
        return text.toString();
    }

    /** As ECMAScript's Number::toString; the value is finite. */
    static String ecmaScript(double value) {
        return value == 0 ? "0" : ecmaScript(value < 0, ShortestDecimal.of(value));
    }

    /** As {@link #ecmaScript(double)}, with the float's own shortest digits. */
    static String ecmaScript(float value) {
        return value == 0 ? "0" : ecmaScript(value < 0, ShortestDecimal.of(value));
    }

    private static String ecmaScript(boolean negative, ShortestDecimal number) {
        StringBuilder text = new StringBuilder(26).append(negative ? "-" : "");
        String digits = Long.toString(number.digits());
        int point = number.exponent() + digits.length();
        if (point > -6 && point <= 21) {
            appendPlain(digits, point, text);
        } else {
            appendScientific(digits, point - 1, /* exponentDigits= */ 1, text);
        }
        return text.toString();
    }

    private static void appendPlain(String digits, int point, StringBuilder text) {
        if (point <= 0) {
            text.append("0.").append("0".repeat(-point)).append(digits);
        } else if (point >= digits.length()) {
            text.append(digits).append("0".repeat(point - digits.length()));
        } else {
            text.append(digits, 0, point).append('.').append(digits, point, digits.length());
        }
    }

    private static void appendScientific(String digits, int exponent, int exponentDigits, StringBuilder text) {
        text.append(digits.charAt(0));
        if (digits.length() > 1) {
            text.append('.').append(digits, 1, digits.length());
        }
        text.append('e').append(exponent < 0 ? '-' : '+');
        String magnitude = Integer.toString(Math.abs(exponent));
        text.append(magnitude.length() < exponentDigits ? "0" : "").append(magnitude);
    }

    /**
     * A decimal as its exact plain number. Trailing zeros behind the point do not count ({@code 1.0} is {@code 1.00}, as
     * {@link BigDecimal#compareTo} has it and as one amount of money is the other), but a decimal that was written with a point
     * keeps one: {@code 1.00} is {@code 1.0}, as JSON tells 1.0 from 1.
     */
    static String plain(BigDecimal value) {
        if (value.scale() <= 0) {
            // Not by toBigInteger: of 1E+8000000 it would make all its digits, by a multiplication that takes seconds.
            String digits = value.unscaledValue().toString();
            return value.signum() == 0 ? "0" : digits + "0".repeat(-value.scale());
        }
        // Nor by stripTrailingZeros, which divides once for each zero.
        String text = value.signum() == 0 ? "0.0" : value.toPlainString();
        int end = text.length();
        while (text.charAt(end - 1) == '0' && text.charAt(end - 2) != '.') {
            end--;
        }
        return text.substring(0, end);
    }

    /**
     * A decimal in JCS, whose numbers are doubles.
     *
     * @return null if no double is that number: another decimal would be written alike
     */
    static @Nullable String ecmaScript(BigDecimal value) {
        double nearest = value.doubleValue();
        if (Double.isInfinite(nearest)) {
            return null;
        }
        if (value.scale() <= 0) {
            return ecmaScript(value.toBigInteger());
        }
        String text = ecmaScript(nearest);
        return new BigDecimal(text).compareTo(value) == 0 ? text : null;
    }

    /**
     * An integer in JCS, whose numbers are doubles.
     *
     * @return null if no double is that number
     */
    static @Nullable String ecmaScript(BigInteger value) {
        double nearest = value.doubleValue();
        if (Double.isInfinite(nearest)
                || !new BigDecimal(nearest).toBigInteger().equals(value)) {
            return null;
        }
        return ecmaScript(nearest);
    }

    /** An integer in JCS; null if no double is that number. */
    static @Nullable String ecmaScript(long value) {
        return ecmaScript(BigInteger.valueOf(value));
    }
}
