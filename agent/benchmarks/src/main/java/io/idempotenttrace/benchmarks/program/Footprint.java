package io.idempotenttrace.benchmarks.program;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;

/** An application that does nothing, or makes one guarded call, and then says what memory is in use. */
public final class Footprint {

    private static final int COLLECTIONS = 3;

    private Footprint() {}

    /** @param arguments what the figures are of, and {@code call} for a guarded call */
    public static void main(String[] arguments) {
        if (arguments.length > 1) {
            Emitter.emit("first", Span.typical());
        }
        Figures.settle();
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        Figures.print(
                "heap",
                arguments[0],
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1e6);
        long metaspace = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getName().equals("Metaspace"))
                .map(MemoryPoolMXBean::getUsage)
                .mapToLong(usage -> usage.getUsed())
                .sum();
        Figures.print("metaspace", arguments[0], metaspace / 1e6);
    }
}
