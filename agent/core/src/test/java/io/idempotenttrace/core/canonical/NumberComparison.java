package io.idempotenttrace.core.canonical;

import java.math.BigDecimal;
import java.util.Random;
import tools.jackson.core.io.NumberOutput;

/**
 * Compares {@link ShortestDecimal} with others who write the shortest digits of numbers: Jackson, whose writer made the hashes of earlier
 * versions, and {@code toString} of JDK 19 and later. Both keep Java's rule of at least two digits, so where they write two, one may do.
 */
final class NumberComparison {

    /** The first JDK whose {@code toString} writes the shortest digits (JDK-4511638). */
    private static final int FIRST_EXACT_JDK = 19;
    /** Of ten numbers, how many have an exponent as numbers in payloads have, instead of any. */
    private static final int COMMON_OF_TEN = 3;

    private final Random random;
    private final boolean jdkIsExact = Runtime.version().feature() >= FIRST_EXACT_JDK;
    private long compared;

    NumberComparison(long seed) {
        random = new Random(seed);
    }

    /** @param arguments a seed, and how many random doubles and floats to compare */
    public static void main(String[] arguments) {
        NumberComparison comparison = new NumberComparison(Long.parseLong(arguments[0]));
        comparison.edges();
        comparison.random(Integer.parseInt(arguments[1]));
        System.out.println("equal " + comparison.compared + (comparison.jdkIsExact ? " also to the JDK" : ""));
    }

    /** Every power of two and of ten and its neighbours, the ends of the ranges, and short decimals. */
    void edges() {
        for (int e = Double.MIN_EXPONENT - 52; e <= Double.MAX_EXPONENT; e++) {
            around(Math.scalb(1.0, e));
        }
        for (int e = -323; e <= 308; e++) {
            for (int digits = 1; digits < 100; digits++) {
                around(Double.parseDouble(digits + "e" + e));
            }
        }
        around(Double.MAX_VALUE);
        around(Double.MIN_NORMAL);
        for (long bits = 1; bits < 10_000; bits++) {
            check(Double.longBitsToDouble(bits));
            check(Float.intBitsToFloat((int) bits));
        }
        // 2^53 and what follows, where not every integer is a double.
        for (long integer = (1L << 53) - 1000; integer < (1L << 53) + 1000; integer++) {
            check((double) integer);
        }
    }

    private void around(double value) {
        check(value);
        check(Math.nextUp(value));
        check(Math.nextDown(value));
        float narrow = (float) value;
        check(narrow);
        check(Math.nextUp(narrow));
        check(Math.nextDown(narrow));
    }

    void random(int count) {
        for (int i = 0; i < count; i++) {
            if (random.nextInt(10) < COMMON_OF_TEN) {
                // As prices, durations and counts are: few digits behind the point.
                check(random.nextInt() / 100.0);
                check(random.nextLong() / 1000.0);
                check(random.nextInt(1 << 20) / 100f);
            }
            check(Double.longBitsToDouble(random.nextLong()));
            check(Float.intBitsToFloat(random.nextInt()));
        }
    }

    private void check(double value) {
        if (value == 0 || !Double.isFinite(value)) {
            return;
        }
        double positive = Math.abs(value);
        ShortestDecimal found = ShortestDecimal.of(value);
        same(found, NumberOutput.toString(positive, /* useFastWriter= */ true), positive, Double::parseDouble);
        if (jdkIsExact) {
            same(found, Double.toString(positive), positive, Double::parseDouble);
        }
    }

    private void check(float value) {
        if (value == 0 || !Float.isFinite(value)) {
            return;
        }
        float positive = Math.abs(value);
        ShortestDecimal found = ShortestDecimal.of(value);
        same(found, NumberOutput.toString(positive, /* useFastWriter= */ true), positive, Float::parseFloat);
        if (jdkIsExact) {
            same(found, Float.toString(positive), positive, Float::parseFloat);
        }
    }

    private interface Parser {

        double parse(String text);
    }

    private void same(ShortestDecimal found, String javaText, double value, Parser parser) {
        compared++;
        if (found.digits() >= 100) {
            if (!found.equals(parse(javaText))) {
                throw new AssertionError(found + " for " + javaText);
            }
            return;
        }
        ShortestDecimal expected = shortened(parse(javaText), value, parser);
        if (!found.equals(expected)) {
            throw new AssertionError(found + " for " + javaText + ", whose shortest form is " + expected);
        }
    }

    /** The nearest decimal of one digit that reads back as the same number; the given one if there is none. */
    private static ShortestDecimal shortened(ShortestDecimal java, double value, Parser parser) {
        if (java.digits() < 10 || java.digits() > 99) {
            return java;
        }
        long tens = java.digits() / 10;
        boolean up = java.digits() % 10 >= 5;
        for (long candidate : new long[] {up ? tens + 1 : tens, up ? tens : tens + 1}) {
            if (parser.parse(candidate + "E" + (java.exponent() + 1)) == value) {
                return candidate == 10
                        ? new ShortestDecimal(1, java.exponent() + 2)
                        : new ShortestDecimal(candidate, java.exponent() + 1);
            }
        }
        return java;
    }

    private static ShortestDecimal parse(String text) {
        BigDecimal decimal = new BigDecimal(text).stripTrailingZeros();
        return new ShortestDecimal(decimal.unscaledValue().longValueExact(), -decimal.scale());
    }
}
