package io.idempotenttrace.core.canonical;

import java.math.BigInteger;

/**
 * The shortest decimal that reads back as a given double or float: {@code digits * 10^exponent}, where {@code digits} is above 0 and has
 * no zero at its end. Of several that are equally short, it is the one nearest to the number; of two that are equally near, the even one.
 *
 * <p>Written from the description of the algorithm Schubfach: Raffaello Giulietti, "The Schubfach way to render doubles", 2020. A hash
 * hangs on each of these digits, so they must come from this project, not from a JDK ({@code Double.toString} gives other digits before
 * JDK 19) nor from an internal package of a library.
 *
 * <p>In short: the number is {@code c * 2^q}. Exactly the numbers between it and half-way to its neighbours read back as it; the two
 * half-way points do too where {@code c} is even. Let {@code 10^k} be the largest power of ten that fits into that interval. Then at
 * least one multiple of {@code 10^k} lies in the interval, and at most one multiple of {@code 10^(k+1)}, which is the shorter one if it
 * is there. All of this is decided on {@code number / 10^k} and on the two half-way points divided by {@code 10^k}. Each is kept in
 * quarters, as an integer rounded to odd: its lowest bit says whether something was cut off. That is enough to compare them exactly, as
 * the paper proves, if the powers of ten have 126 bits.
 *
 * @param digits above 0, its last digit is not 0
 * @param exponent the power of ten that {@code digits} is multiplied with
 */
record ShortestDecimal(long digits, int exponent) {

    /** The upper and the lower 63 bits of {@code floor(10^e * 2^-r) + 1}, where r makes it 126 bits long. */
    private record PowerOfTen(long high, long low) {

        static PowerOfTen of(int e) {
            int shift = floorLog2OfPowerOf10(e) - POWER_BITS + 1;
            BigInteger power = BigInteger.TEN.pow(Math.abs(e));
            // A negative shift shifts to the left.
            BigInteger bits = (e >= 0
                            ? power.shiftRight(shift)
                            : BigInteger.ONE.shiftLeft(-shift).divide(power))
                    .add(BigInteger.ONE);
            return new PowerOfTen(bits.shiftRight(HALF_BITS).longValueExact(), bits.longValue() & HALF_MASK);
        }
    }

    private static final int POWER_BITS = 126;
    private static final int HALF_BITS = 63;
    private static final long HALF_MASK = (1L << HALF_BITS) - 1;

    private static final int DOUBLE_FRACTION_BITS = 52;
    private static final int FLOAT_FRACTION_BITS = 23;
    /** The exponent q of subnormal numbers and of the smallest normal ones. */
    private static final int DOUBLE_MIN_EXPONENT = -1074;

    private static final int FLOAT_MIN_EXPONENT = -149;

    /** The powers of ten that a double needs, from 10^-292 on. */
    private static final int FIRST_POWER = -292;

    private static final int LAST_POWER = 324;
    /**
     * Filled as they are needed, since most payloads need a few. Two threads may make the same entry, which is harmless: its fields are
     * final, so that each thread sees either none or a whole one.
     */
    private static final PowerOfTen[] POWERS = new PowerOfTen[LAST_POWER - FIRST_POWER + 1];

    /** @param value finite, not 0; its sign does not count */
    static ShortestDecimal of(double value) {
        long bits = Double.doubleToRawLongBits(value);
        return of(
                bits & (1L << DOUBLE_FRACTION_BITS) - 1,
                (int) (bits >>> DOUBLE_FRACTION_BITS) & 0x7ff,
                DOUBLE_FRACTION_BITS,
                DOUBLE_MIN_EXPONENT);
    }

    /** As {@link #of(double)}; the digits are the float's own, not those of the double that it widens to. */
    static ShortestDecimal of(float value) {
        int bits = Float.floatToRawIntBits(value);
        return of(
                bits & (1 << FLOAT_FRACTION_BITS) - 1,
                bits >>> FLOAT_FRACTION_BITS & 0xff,
                FLOAT_FRACTION_BITS,
                FLOAT_MIN_EXPONENT);
    }

    private static ShortestDecimal of(long fraction, int biasedExponent, int fractionBits, int minExponent) {
        if (biasedExponent == 0) {
            return nearestShort(fraction, minExponent, /* lowerNeighbourIsNearer= */ false);
        }
        // At a power of two, the neighbour below is half as far as the one above; but not where the subnormal numbers
        // end.
        return nearestShort(
                fraction | 1L << fractionBits, minExponent + biasedExponent - 1, fraction == 0 && biasedExponent > 1);
    }

    private static ShortestDecimal nearestShort(long c, int q, boolean lowerNeighbourIsNearer) {
        // 1 where the half-way points read back as a neighbour, which has the even c.
        long isOdd = c & 1;
        int k = lowerNeighbourIsNearer ? floorLog10OfThreeQuartersOfPowerOf2(q) : floorLog10OfPowerOf2(q);
        int shift = q + floorLog2OfPowerOf10(-k) + 2;
        PowerOfTen power = power(-k);

        // Number and half-way points, divided by 10^k, in quarters.
        long number = quarters(power, c << 2 << shift);
        long lower = quarters(power, (c << 2) - (lowerNeighbourIsNearer ? 1 : 2) << shift);
        long upper = quarters(power, (c << 2) + 2 << shift);

        // The multiples of 10^(k+1) below and above the number.
        long below = number >>> 2;
        long tensBelow = below / 10 * 10;
        boolean tensBelowFit = lower + isOdd <= tensBelow << 2;
        boolean tensAboveFit = (tensBelow + 10 << 2) + isOdd <= upper;
        if (below >= 10 && tensBelowFit != tensAboveFit) {
            return withoutTrailingZeros(tensBelowFit ? tensBelow : tensBelow + 10, k);
        }

        // The multiples of 10^k: at least one of them fits.
        boolean belowFits = lower + isOdd <= below << 2;
        boolean aboveFits = (below + 1 << 2) + isOdd <= upper;
        if (belowFits != aboveFits) {
            return withoutTrailingZeros(belowFits ? below : below + 1, k);
        }
        long toMiddle = number - (2 * below + 1 << 1);
        return withoutTrailingZeros(toMiddle < 0 || toMiddle == 0 && (below & 1) == 0 ? below : below + 1, k);
    }

    /**
     * {@code power * factor / 2^127}, rounded to odd: cut off to an integer, whose lowest bit is set if that was not exact.
     *
     * @param factor four times a number and shifted, so that the result is in quarters
     */
    private static long quarters(PowerOfTen power, long factor) {
        // In three words of 63 bits; what is cut off of the lowest one is too small to count.
        long carriedUp = Math.multiplyHigh(power.low, factor);
        long middle = (power.high * factor >>> 1) + carriedUp;
        long whole = Math.multiplyHigh(power.high, factor) + (middle >>> HALF_BITS);
        return whole | (middle & HALF_MASK) + HALF_MASK >>> HALF_BITS;
    }

    private static PowerOfTen power(int e) {
        PowerOfTen known = POWERS[e - FIRST_POWER];
        if (known == null) {
            known = PowerOfTen.of(e);
            POWERS[e - FIRST_POWER] = known;
        }
        return known;
    }

    private static ShortestDecimal withoutTrailingZeros(long digits, int exponent) {
        long left = digits;
        int at = exponent;
        while (left % 10 == 0) {
            left /= 10;
            at++;
        }
        return new ShortestDecimal(left, at);
    }

    // The logarithms multiply with a rounded log10(2), log10(3/4) and log2(10), which is exact for all exponents of a
    // double.

    private static int floorLog10OfPowerOf2(int e) {
        return (int) (e * 661_971_961_083L >> 41);
    }

    private static int floorLog10OfThreeQuartersOfPowerOf2(int e) {
        return (int) (e * 661_971_961_083L - 274_743_187_321L >> 41);
    }

    private static int floorLog2OfPowerOf10(int e) {
        return (int) (e * 913_124_641_741L >> 38);
    }
}
