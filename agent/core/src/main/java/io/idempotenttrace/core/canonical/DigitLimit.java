package io.idempotenttrace.core.canonical;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * How many digits a number may have. To read or to write more takes time that grows with the square of their number, and a decimal of a
 * few bytes, such as {@code 1E+1000000000}, may stand for more digits than there is memory. Python, since 3.11, reads and writes integers
 * of up to 4,300 digits.
 */
public final class DigitLimit {

    /** Of an integer, or of a decimal that is written out, the zeros of its exponent included. */
    public static final int MOST_DIGITS = 100_000;

    /** At 3.33 bits a digit. To count the digits of an integer would take the time that is to be saved. */
    private static final int MOST_BITS = MOST_DIGITS / 3 * 10;

    private DigitLimit() {}

    static boolean isExceededBy(BigInteger number) {
        return number.bitLength() > MOST_BITS;
    }

    /** Whether its own digits are too many; its exponent does not count. */
    static boolean isExceededByDigitsOf(BigDecimal number) {
        // In this order: to count the digits of a longer one takes long.
        return isExceededBy(number.unscaledValue()) || number.precision() > MOST_DIGITS;
    }

    /** Whether it has too many digits when it is written without exponent. */
    static boolean isExceededBy(BigDecimal number) {
        return isExceededByDigitsOf(number) || Math.abs((long) number.scale()) + number.precision() > MOST_DIGITS;
    }

    /** For people, behind the place of the number. */
    static String reason() {
        return "a number of more than " + MOST_DIGITS
                + " digits, which would take seconds to read or write; send it as bytes or as text";
    }
}
