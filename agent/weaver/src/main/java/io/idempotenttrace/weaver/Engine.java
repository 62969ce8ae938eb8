package io.idempotenttrace.weaver;

import io.idempotenttrace.agent.AgentEngine;
import io.idempotenttrace.bridge.GuardBootstrap;
import io.idempotenttrace.bridge.GuardLinker;
import io.idempotenttrace.bridge.GuardPoint;
import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.canonical.PayloadHasher;
import io.idempotenttrace.core.canonical.PayloadHashers;
import io.idempotenttrace.core.guard.CallCounters;
import io.idempotenttrace.core.guard.Guard;
import io.idempotenttrace.core.guard.GuardLog;
import io.idempotenttrace.core.guard.GuardMode;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.core.store.IdempotencyStores;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The agent behind the bridge: weaves classes as they load, and links woven methods as they are first called. */
public final class Engine implements AgentEngine {

    /** How long the JVM's stop may wait for completions that are still to be written. */
    private static final long FLUSH_MILLIS = 2000;

    private final GuardLog log;
    private final IdempotencyStore store;
    private final CallCounters counters = new CallCounters();
    private final Guard guard;
    private final ClassWeaver weaver = new ClassWeaver();

    private Engine(Configuration configuration) {
        log = new GuardLog(System.err, configuration.millis(Setting.LOG_PERIOD));
        store = IdempotencyStores.open(configuration, log::say);
        IdempotencyStore fallback = configuration.usesRedis()
                ? IdempotencyStores.inMemory(configuration) : null;
        GuardMode mode = GuardMode.valueOf(configuration.text(Setting.MODE).toUpperCase(Locale.ROOT));
        guard = new Guard(store, fallback, mode, counters, log);
        PayloadHasher hasher = PayloadHashers.open(configuration);
        GuardBootstrap.connect(new GuardLinker() {
            @Override
            public GuardPoint link(MethodHandles.Lookup caller, String specification) {
                return new GuardedMethod(MethodSpecification.parse(specification), caller.lookupClass(), configuration, guard, hasher,
                        counters, log);
            }
        });
    }

    /**
     * Called by the agent's entry, once in a JVM, when the first annotated class is seen.
     *
     * @param settings {@link Configuration#toMap()} of the entry's copy of that class
     */
    public static AgentEngine start(Map<String, String> settings) {
        return new Engine(Configuration.fromMap(settings));
    }

    @Override
    public byte[] weave(ClassLoader loader, String className, byte[] classFile) {
        try {
            List<MethodSpecification> guarded = new ArrayList<>();
            for (AnnotatedMethods.Found found : AnnotatedMethods.in(classFile)) {
                if (WeavingRules.isCopy(found.access())) {
                    continue;
                }
                String obstacle = WeavingRules.obstacle(found.access(), found.specification());
                if (obstacle == null) {
                    guarded.add(found.specification());
                } else {
                    log.say(found.specification().qualifiedName() + " " + obstacle);
                }
            }
            return guarded.isEmpty() ? null : weaver.weave(loader, classFile, guarded);
        } catch (Throwable failure) {
            log.say("class " + className + " could not be woven (" + failure + "); its annotated methods run unguarded");
            return null;
        }
    }

    @Override
    public void stop() {
        guard.flush(FLUSH_MILLIS);
        log.sayLast(counters + " store=" + store.name());
    }
}
