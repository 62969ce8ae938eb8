package io.idempotenttrace.core.canonical;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** The texts that a canonical form has for numbers. Those for which it has none are refused at the writer's place. */
final class FormNumbers {

    /** Up to here every integer is a double, and is written as itself. */
    private static final long EXACT = 1L << 53;

    private final CanonicalForm form;
    private final DocumentPlace place;

    FormNumbers(CanonicalForm form, DocumentPlace place) {
        this.form = form;
        this.place = place;
    }

    /** Whether the integer's digits are its text. */
    boolean isWrittenAsItself(long value) {
        return form != CanonicalForm.JCS || value <= EXACT && value >= -EXACT;
    }

    /** @param value one that is not {@linkplain #isWrittenAsItself written as itself} */
    String integer(long value) {
        return orTooPrecise(NumberText.ecmaScript(value), "integer");
    }

    String integer(BigInteger value) {
        refuseIf(DigitLimit.isExceededBy(value));
        return form == CanonicalForm.JCS ? orTooPrecise(NumberText.ecmaScript(value), "integer") : value.toString();
    }

    /** As a number in JSON. */
    String decimal(BigDecimal value) {
        refuseIf(DigitLimit.isExceededBy(value));
        return form == CanonicalForm.JCS
                ? orTooPrecise(NumberText.ecmaScript(value), "decimal")
                : NumberText.plain(value);
    }

    /** As Python's {@code str}, which is a text in JSON. */
    String pythonDecimal(BigDecimal value) {
        // Python's Decimal follows the same specification, so that the two texts are one.
        refuseIf(DigitLimit.isExceededByDigitsOf(value));
        return value.toString();
    }

    String number(double value) {
        return form == CanonicalForm.JCS ? NumberText.ecmaScript(finite(value)) : NumberText.python(value);
    }

    String number(float value) {
        return form == CanonicalForm.JCS ? NumberText.ecmaScript((float) finite(value)) : NumberText.python(value);
    }

    private void refuseIf(boolean tooLong) {
        if (tooLong) {
            throw place.refused(DigitLimit.reason(), null);
        }
    }

    private double finite(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw place.refused(
                    "NaN and the infinities have no JCS form (RFC 8785, 3.2.2.3); exclude the field, or use"
                            + " canonical-form=python",
                    null);
        }
        return value;
    }

    private String orTooPrecise(@Nullable String text, String what) {
        if (text == null) {
            throw place.refused(
                    "an " + what
                            + " that no double holds has no JCS form (RFC 8785, 3.2.2.3): two such numbers would hash alike;"
                            + " send it as text, or use canonical-form=python",
                    null);
        }
        return text;
    }
}
