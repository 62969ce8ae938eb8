package io.idempotenttrace.applications.spring;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.MDC;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** What ran, how often, and in which surroundings. */
@Component
class Bodies {

    private final Map<String, Integer> counts = new ConcurrentSkipListMap<>();
    private final Map<String, String> surroundings = new ConcurrentSkipListMap<>();

    /** Called by each body. */
    void ran(String emitter) {
        counts.merge(emitter, 1, Integer::sum);
        Thread thread = Thread.currentThread();
        surroundings.put(
                emitter,
                "mdc=" + MDC.get("delivery")
                        + " transaction=" + TransactionSynchronizationManager.isActualTransactionActive()
                        + " loader="
                        + (thread.getContextClassLoader() == Bodies.class.getClassLoader() ? "own" : "foreign")
                        + " thread=" + thread.getName());
    }

    void print() {
        counts.forEach(
                (emitter, count) -> System.out.println(emitter + " bodies=" + count + " " + surroundings.get(emitter)));
    }
}
