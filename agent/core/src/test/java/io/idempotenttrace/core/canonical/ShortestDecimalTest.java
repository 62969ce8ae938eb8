package io.idempotenttrace.core.canonical;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** {@link ShortestDecimalIT} compares many more numbers, on each JDK. */
class ShortestDecimalTest {

    @Test
    void digitsAreThoseThatJacksonWrites() {
        NumberComparison comparison = new NumberComparison(/* seed= */ 21);
        comparison.edges();
        comparison.random(100_000);
    }

    @Test
    void noShorterDecimalReadsBackAndNoneOfThatLengthIsNearer() {
        Random random = new Random(5);
        for (int i = 0; i < 3_000; i++) {
            double value = Math.abs(Double.longBitsToDouble(random.nextLong()));
            if (Double.isFinite(value) && value != 0) {
                assertEquals(byTrial(value), decimal(ShortestDecimal.of(value)), () -> Double.toHexString(value));
            }
        }
    }

    /** Rounds the exact value to one digit, two, three, until one reads back; of two that are equally near, the even one comes first. */
    private static BigDecimal byTrial(double value) {
        BigDecimal exact = new BigDecimal(value);
        for (int digits = 1; ; digits++) {
            BigDecimal nearest = null;
            for (RoundingMode mode : new RoundingMode[] {RoundingMode.HALF_EVEN, RoundingMode.DOWN, RoundingMode.UP}) {
                BigDecimal rounded = exact.round(new MathContext(digits, mode));
                if (rounded.doubleValue() == value
                        && (nearest == null
                                || rounded.subtract(exact)
                                                .abs()
                                                .compareTo(
                                                        nearest.subtract(exact).abs())
                                        < 0)) {
                    nearest = rounded;
                }
            }
            if (nearest != null) {
                return nearest.stripTrailingZeros();
            }
        }
    }

    private static BigDecimal decimal(ShortestDecimal found) {
        return BigDecimal.valueOf(found.digits(), -found.exponent()).stripTrailingZeros();
    }

    @Test
    void whereJdksDifferTheShortestIsFound() {
        assertEquals(new ShortestDecimal(2, 23), ShortestDecimal.of(2e23));
        assertEquals(new ShortestDecimal(5, -324), ShortestDecimal.of(Double.MIN_VALUE));
        assertEquals(new ShortestDecimal(1, -45), ShortestDecimal.of(Float.MIN_VALUE));
        assertEquals(new ShortestDecimal(9007199254740993L - 1, 0), ShortestDecimal.of(9007199254740992.0));
        assertEquals(new ShortestDecimal(1, -1), ShortestDecimal.of(-0.1f));
    }
}
