package io.idempotenttrace.dist.app;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Has a registry of its own, and prints what is in it of the agent's. */
public final class MicrometerProgram {

    private MicrometerProgram() {}

    public static void main(String[] arguments) throws Exception {
        if (Boolean.getBoolean("idle")) {
            beforeACall();
            return;
        }
        ToldCalls.all();
        ToldCalls.oneWaits();
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        Metrics.addRegistry(registry);
        // The class is loaded from here on: the next call sees it.
        ToldCalls.emit("e", ToldCalls.TRACE, "payload");
        // What a look does last: timers are told of what was counted.
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (registry.find("idempotent.trace.wait").timers().stream().noneMatch(timer -> timer.count() > 0)
                && System.nanoTime() < end) {
            Thread.sleep(20);
        }
        TreeMap<String, Double> counts = new TreeMap<>();
        for (FunctionCounter counter : registry.find("idempotent.trace.calls").functionCounters()) {
            counts.merge(counter.getId().getTag("verdict"), counter.count(), Double::sum);
        }
        System.out.println("meters: " + counts);
        System.out.println("orders: "
                + registry.get("idempotent.trace.calls")
                        .tags("scope", "orders", "verdict", "duplicate")
                        .functionCounter()
                        .count());
        System.out.println(
                "guarding: " + registry.get("idempotent.trace.guarding").gauge().value());
        List<String> units = registry.find("idempotent.trace.records").meters().stream()
                .map(meter -> meter.getId().getBaseUnit())
                .toList();
        System.out.println("units: " + units);
        HistogramSnapshot waits = registry.get("idempotent.trace.wait")
                .tag("scope", "waited")
                .timer()
                .takeSnapshot();
        System.out.println("waits: " + waits.count() + ", buckets " + waits.histogramCounts().length + ", in the last "
                + waits.histogramCounts()[waits.histogramCounts().length - 1].count());
    }

    /** An idle replica: its class with guarded methods is there, and none is called. */
    private static void beforeACall() throws Exception {
        Class.forName(ToldCalls.class.getName());
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        Metrics.addRegistry(registry);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (registry.find("idempotent.trace.guarding").gauge() == null && System.nanoTime() < end) {
            Thread.sleep(20);
        }
        System.out.println(
                "guarding: " + registry.get("idempotent.trace.guarding").gauge().value());
    }
}
