package io.idempotenttrace.dist.app;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** A number that no double holds, in each type that can hold it, and one that a double does hold. */
public final class WideNumbers {

    record Order(List<Object> ids) {}

    private static boolean ran;

    private WideNumbers() {}

    public static void main(String[] arguments) {
        long wide = (1L << 53) + 1;
        LongAdder adder = new LongAdder();
        adder.add(wide);
        for (Object number : List.of(
                wide,
                new AtomicLong(wide),
                adder,
                BigInteger.valueOf(wide),
                BigInteger.TEN.pow(400),
                BigDecimal.valueOf(wide),
                new BigDecimal("0.10000000000000000001"),
                Double.NaN,
                Float.POSITIVE_INFINITY,
                1L << 53)) {
            ran = false;
            String refusal = "";
            try {
                emit(number.getClass() + number.toString(), new Order(List.of(number)));
            } catch (RuntimeException e) {
                refusal = " refused: " + e.getMessage();
            }
            System.out.println(number.getClass().getSimpleName() + (ran ? " ran" : "") + refusal);
        }
    }

    @IdempotentTrace
    static void emit(@IdempotencyKey String key, Order order) {
        ran = true;
    }
}
