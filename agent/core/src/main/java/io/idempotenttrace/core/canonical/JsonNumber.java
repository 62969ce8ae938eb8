package io.idempotenttrace.core.canonical;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * The number that a text in JSON is, for the trees of libraries that keep numbers as text or as a BigDecimal. Without point and exponent
 * it is an integer. Else it is the double that it names, as all other JSON of this project has it and as Python reads it: a document
 * hashes alike whichever library holds it, and with which options it was read. Two texts that name one double are one number.
 */
final class JsonNumber {

    private static final int LONG_DIGITS = 18;

    private JsonNumber() {}

    /** @throws NumberFormatException if the text is no number */
    static Object of(String text) {
        return isInteger(text) ? integer(text) : (Object) Double.valueOf(text);
    }

    /**
     * As {@link #of(String)}, but the exact decimal where no double is that number: for texts that are hashed as texts, of which two
     * must not become one.
     *
     * @throws NumberFormatException if the text is no number
     */
    static Object exact(String text) {
        if (isInteger(text)) {
            return integer(text);
        }
        double nearest = Double.parseDouble(text);
        BigDecimal exact = new BigDecimal(text);
        // Not by Double.toString, whose digits depend on the JVM's version.
        boolean same = !Double.isInfinite(nearest) && new BigDecimal(NumberText.python(nearest)).compareTo(exact) == 0;
        return same ? (Object) nearest : exact;
    }

    private static boolean isInteger(String text) {
        return text.indexOf('.') < 0 && text.indexOf('e') < 0 && text.indexOf('E') < 0;
    }

    private static Object integer(String text) {
        refuseIf(text.length() > DigitLimit.MOST_DIGITS);
        return text.length() <= LONG_DIGITS ? (Object) Long.parseLong(text) : new BigInteger(text);
    }

    /** A number that a JSON library holds: a decimal by its text, any other as it is. */
    static Object of(Number number) {
        if (number instanceof BigDecimal decimal) {
            refuseIf(DigitLimit.isExceededByDigitsOf(decimal));
            return of(decimal.toString());
        }
        return number.getClass().getName().equals("com.google.gson.internal.LazilyParsedNumber")
                ? of(number.toString())
                : number;
    }

    /**
     * A decimal of a tree that keeps integers apart from it, so that it was read from a text with a point or an exponent, whatever
     * its own text is: Jackson's trees may have lost the zeros behind the point.
     */
    static Double floating(BigDecimal decimal) {
        refuseIf(DigitLimit.isExceededByDigitsOf(decimal));
        return Double.valueOf(decimal.toString());
    }

    private static void refuseIf(boolean tooLong) {
        if (tooLong) {
            throw new UnhashableException("", DigitLimit.reason(), null);
        }
    }
}
