package io.idempotenttrace.core.canonical;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import tools.jackson.core.io.schubfach.DoubleToDecimal;
import tools.jackson.core.io.schubfach.FloatToDecimal;

/**
 * Numbers as text: the shortest digits that read back as the same number, written as Python's {@code repr} or as ECMAScript's
 * {@code Number::toString} (RFC 8785, 3.2.2.3) writes them. Never by {@link Double#toString}: its digits differ between JDK 17
 * and later ones.
 */
final class NumberText {

    private NumberText() {
    }

    /** The shortest digits of a finite number: {@code 0.<digits> * 10^point}. */
    private record Shortest(boolean negative, String digits, int point) {

        /** @param text as Java writes floating-point numbers: {@code -1.25E-7}, {@code 100.0} */
        static Shortest parse(String text) {
            boolean negative = text.charAt(0) == '-';
            int exponentAt = text.indexOf('E');
            int exponent = exponentAt < 0 ? 0 : Integer.parseInt(text.substring(exponentAt + 1));
            String mantissa = text.substring(negative ? 1 : 0, exponentAt < 0 ? text.length() : exponentAt);
            int dot = mantissa.indexOf('.');
            String digits = mantissa.substring(0, dot) + mantissa.substring(dot + 1);
            int first = 0;
            while (first < digits.length() - 1 && digits.charAt(first) == '0') {
                first++;
            }
            int end = digits.length();
            while (end > first + 1 && digits.charAt(end - 1) == '0') {
                end--;
            }
            return new Shortest(negative, digits.substring(first, end), dot + exponent - first);
        }

        boolean isZero() {
            return digits.equals("0");
        }

        /**
         * The one-digit neighbours of a two-digit number, the nearer one first. Java's rule asks for at least two digits and gives
         * 4.9E-324 where one digit, 5E-324, reads back as the same number.
         */
        List<Shortest> oneDigitShorter() {
            if (digits.length() != 2) {
                return List.of();
            }
            int tens = digits.charAt(0) - '0';
            Shortest below = new Shortest(negative, Integer.toString(tens), point);
            Shortest above = tens == 9 ? new Shortest(negative, "1", point + 1) : new Shortest(negative, Integer.toString(tens + 1), point);
            return digits.charAt(1) >= '5' ? List.of(above, below) : List.of(below, above);
        }

        /** As a Java literal. */
        @Override
        public String toString() {
            return (negative ? "-0." : "0.") + digits + "E" + point;
        }
    }

    private static Shortest shortest(double value) {
        Shortest found = Shortest.parse(DoubleToDecimal.toString(value));
        for (Shortest shorter : found.oneDigitShorter()) {
            if (Double.parseDouble(shorter.toString()) == value) {
                return shorter;
            }
        }
        return found;
    }

    private static Shortest shortest(float value) {
        Shortest found = Shortest.parse(FloatToDecimal.toString(value));
        for (Shortest shorter : found.oneDigitShorter()) {
            if (Float.parseFloat(shorter.toString()) == value) {
                return shorter;
            }
        }
        return found;
    }

    /**
     * Initialises the classes that hold tables. Were that to happen first deep in a payload, on a thread whose stack then overflows,
     * they could never be used again.
     */
    static void prepare() {
        python(0.1);
        python(0.1f);
    }

    /** As Python's {@code repr(float)}; NaN and the infinities as {@code json.dumps} writes them. */
    static String python(double value) {
        String special = special(value);
        return special != null ? special : python(shortest(value));
    }

    /** The float's own shortest digits, not those of the double that it widens to. */
    static String python(float value) {
        String special = special(value);
        return special != null ? special : python(shortest(value));
    }

    private static String special(double value) {
        if (value != value) {
            return "NaN";
        }
        return Double.isInfinite(value) ? value > 0 ? "Infinity" : "-Infinity" : null;
    }

    private static String python(Shortest number) {
        StringBuilder text = new StringBuilder(26).append(number.negative ? "-" : "");
        int point = number.isZero() ? 1 : number.point;
        if (point > -4 && point <= 16) {
            appendPlain(number.digits, point, text);
            return point >= number.digits.length() ? text.append(".0").toString() : text.toString();
        }
        appendScientific(number.digits, point - 1, /* exponentDigits= */ 2, text);
        return text.toString();
    }

    /** As ECMAScript's Number::toString; the value is finite. */
    static String ecmaScript(double value) {
        return value == 0 ? "0" : ecmaScript(shortest(value));
    }

    /** As {@link #ecmaScript(double)}, with the float's own shortest digits. */
    static String ecmaScript(float value) {
        return value == 0 ? "0" : ecmaScript(shortest(value));
    }

    private static String ecmaScript(Shortest number) {
        StringBuilder text = new StringBuilder(26).append(number.negative ? "-" : "");
        if (number.point > -6 && number.point <= 21) {
            appendPlain(number.digits, number.point, text);
        } else {
            appendScientific(number.digits, number.point - 1, /* exponentDigits= */ 1, text);
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
    static String ecmaScript(BigDecimal value) {
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
    static String ecmaScript(BigInteger value) {
        double nearest = value.doubleValue();
        if (Double.isInfinite(nearest) || !new BigDecimal(nearest).toBigInteger().equals(value)) {
            return null;
        }
        return ecmaScript(nearest);
    }

    /** An integer in JCS; null if no double is that number. */
    static String ecmaScript(long value) {
        return ecmaScript(BigInteger.valueOf(value));
    }
}
