package io.idempotenttrace.async;

import java.util.function.BooleanSupplier;

/** How the programs wait for what nobody tells them. Whoever has started the program limits the time. */
final class Waits {

    private Waits() {}

    static void until(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            Thread.sleep(1);
        }
    }
}
