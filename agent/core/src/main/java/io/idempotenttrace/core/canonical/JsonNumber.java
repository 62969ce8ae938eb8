package io.idempotenttrace.core.canonical;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * The number that a text in JSON is, for libraries that keep numbers as text or as a BigDecimal. Without point and exponent it is
 * an integer. Else it is the double that it names, as all other JSON of this project has it, so that {@code 1e2} is 100.0 in every
 * library; and the exact decimal where no double is that number, so that two numbers never become one.
 */
final class JsonNumber {

    private static final int LONG_DIGITS = 18;

    private JsonNumber() {}

    /** @throws NumberFormatException if the text is no number */
    static Object of(String text) {
        if (text.indexOf('.') < 0 && text.indexOf('e') < 0 && text.indexOf('E') < 0) {
            return integer(text);
        }
        double nearest = Double.parseDouble(text);
        BigDecimal exact = new BigDecimal(text);
        // Not by Double.toString, whose digits depend on the JVM's version.
        boolean same = !Double.isInfinite(nearest) && new BigDecimal(NumberText.python(nearest)).compareTo(exact) == 0;
        return same ? (Object) nearest : exact;
    }

    private static Object integer(String text) {
        if (text.length() > JsonReader.MAX_INTEGER_DIGITS) {
            throw new UnhashableException(
                    "",
                    "a number of more than " + JsonReader.MAX_INTEGER_DIGITS + " digits, which would take seconds"
                            + " to read; send it as bytes or as text",
                    null);
        }
        return text.length() <= LONG_DIGITS ? (Object) Long.parseLong(text) : new BigInteger(text);
    }

    /** A number that a JSON library holds: a decimal by its text, any other as it is. */
    static Object of(Number number) {
        boolean text = number instanceof BigDecimal
                || number.getClass().getName().equals("com.google.gson.internal.LazilyParsedNumber");
        return text ? of(number.toString()) : number;
    }
}
