package io.idempotenttrace.weaver;

import io.idempotenttrace.agent.AgentEngine;
import io.idempotenttrace.agent.BackgroundPart;
import io.idempotenttrace.bridge.GuardBootstrap;
import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.background.BackgroundLoop;
import io.idempotenttrace.core.background.Waiting;
import io.idempotenttrace.core.canonical.PayloadHasher;
import io.idempotenttrace.core.failure.Failures;
import io.idempotenttrace.core.guard.CallCounters;
import io.idempotenttrace.core.guard.CallCounters.Ending;
import io.idempotenttrace.core.guard.Guard;
import io.idempotenttrace.core.guard.GuardLimits;
import io.idempotenttrace.core.guard.GuardLog;
import io.idempotenttrace.core.guard.GuardMode;
import io.idempotenttrace.core.open.IdempotencyStores;
import io.idempotenttrace.core.open.PayloadHashers;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.weaver.application.ApplicationCode;
import io.idempotenttrace.weaver.application.ApplicationStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import net.bytebuddy.jar.asm.MethodTooLargeException;
import org.jspecify.annotations.Nullable;

/** The agent behind the bridge: weaves classes as they load, and links woven methods as they are first called. */
public final class Engine implements AgentEngine {

    /** How long the JVM's stop may wait for completions that are still to be written. */
    private static final long FLUSH_MILLIS = 2000;

    /** How long a class may wait for the guard to be ready: it takes a tenth of a second. */
    private static final long PREPARE_SECONDS = 30;

    private final Configuration configuration;
    private final GuardLog log;
    private final CallCounters counters = new CallCounters();
    /** Prepared aside while the first class is woven: the one is as long as the other, and the application waits for both. */
    private final FutureTask<Guard> guard = new FutureTask<>(new Callable<>() {
        @Override
        public Guard call() {
            return prepareGuard();
        }
    });
    /** Why there is no guard; null while nobody has missed it. */
    private final AtomicReference<String> failure = new AtomicReference<>();

    private final WovenMethodChecks checks;
    private volatile GuardMode mode;

    private Engine(Configuration configuration) {
        this.configuration = configuration;
        log = new GuardLog(new ApplicationStream(System.err), configuration.millis(Setting.LOG_PERIOD));
        checks = new WovenMethodChecks(configuration, log);
        mode = mode(configuration.text(Setting.MODE));
        boolean aside = ClassLoader.getSystemClassLoader().isRegisteredAsParallelCapable()
                && BackgroundLoop.runOnce("idempotent-trace-start", guard);
        if (!aside) {
            prepareHere();
        }
    }

    /**
     * The thread that loads the first annotated class may hold the system loader, and another one that asks it for the JDK's services
     * (SelectorProvider) would wait for this one, which waits for it.
     */
    private void prepareHere() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(Engine.class.getClassLoader());
        try {
            guard.run();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private Guard prepareGuard() {
        if (configuration.problem() != null) {
            throw new IllegalStateException(configuration.problem());
        }
        PayloadHasher hasher = PayloadHashers.open(configuration);
        IdempotencyStore store = IdempotencyStores.open(configuration, log::say);
        IdempotencyStore fallback = configuration.usesRedis() ? IdempotencyStores.inMemory(configuration) : null;
        Guard prepared = new Guard(store, fallback, mode, limits(configuration), counters, log);
        GuardBootstrap.connect(
                new MethodLinker(new GuardedMethod.Parts(configuration, prepared, hasher, counters, log)));
        return prepared;
    }

    /** A share of the heap at most, so that a small JVM does not fill up with what it remembers. */
    private static GuardLimits limits(Configuration configuration) {
        long heap = Runtime.getRuntime().maxMemory();
        return new GuardLimits(
                Math.min(configuration.count(Setting.OUTAGE_MEMORY_BYTES), heap / 16),
                Math.min(configuration.count(Setting.PENDING_BYTES), heap / 4));
    }

    /**
     * Waits for the guard; null if there will be none, which is said once. An interrupt is kept for the application: it must not
     * leave the class that is being loaded unguarded.
     */
    private @Nullable Guard guard() {
        try {
            return Waiting.uninterruptibly(guard, PREPARE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            if (failure.compareAndSet(null, "the engine could not start (" + Failures.cause(e) + ")")) {
                log.say(failure + "; annotated methods run unguarded in this JVM");
            }
            return null;
        }
    }

    /**
     * Called by the agent's entry, once in a JVM, when the first annotated class is seen.
     *
     * @param settings {@link Configuration#toMap()} of the entry's copy of that class
     */
    public static AgentEngine start(Map<String, String> settings) {
        return new Engine(Configuration.fromMap(settings));
    }

    /** Reads other class files by the application's class loader, which may be code of the application's. */
    @Override
    public byte @Nullable [] weave(ClassLoader loader, @Nullable String className, byte[] classFile) {
        boolean[] door = ApplicationCode.door();
        boolean before = door[0];
        door[0] = true;
        try {
            return wovenOrNull(loader, className, classFile);
        } finally {
            door[0] = before;
        }
    }

    private byte @Nullable [] wovenOrNull(ClassLoader loader, @Nullable String className, byte[] classFile) {
        try {
            List<AnnotatedMethods.Found> guarded = guardable(loader, classFile);
            if (guarded.isEmpty()) {
                return null;
            }
            if (!BridgeView.isIn(loader)) {
                report(
                        guarded,
                        "runs unguarded: its class loader " + loader + " does not delegate package "
                                + BridgeView.PACKAGE + " to its parents; " + BridgeView.advice(loader));
                return null;
            }
            byte[] woven = weaveWhatFits(classFile, guarded);
            reportUnreadableResults(loader, classFile, guarded);
            Guard prepared = guard();
            if (prepared == null) {
                return null;
            }
            prepared.mode(mode);
            checks.check(loader, classFile, guarded);
            return woven;
        } catch (Throwable failure) {
            log.say("class " + className + " could not be woven (" + failure
                    + "); its annotated methods run unguarded");
            return null;
        }
    }

    /** Those that can be guarded; the others are reported. */
    private List<AnnotatedMethods.Found> guardable(ClassLoader loader, byte[] classFile) {
        List<AnnotatedMethods.Found> annotated = AnnotatedMethods.in(classFile);
        List<AnnotatedMethods.Found> guarded = new ArrayList<>();
        if (annotated.isEmpty()) {
            return guarded;
        }
        Copies copies = new Copies(loader, classFile, annotated);
        for (AnnotatedMethods.Found found : annotated) {
            AnnotatedMethods.Found original = copies.original(found);
            if (original == null) {
                continue;
            }
            String obstacle = WeavingRules.obstacle(original);
            if (obstacle != null && copies.hasBodyElsewhere(found)) {
                continue;
            }
            String problem = obstacle != null
                    ? obstacle
                    : WeavingRules.warning(original.specification(), copies.isInline(found));
            if (problem != null) {
                report(List.of(original), problem);
            }
            if (obstacle == null) {
                guarded.add(original);
            }
        }
        return guarded;
    }

    /** A method may be so long that the guard has no room in it: it alone stays as it is. */
    private byte @Nullable [] weaveWhatFits(byte[] classFile, List<AnnotatedMethods.Found> guarded) {
        List<AnnotatedMethods.Found> left = new ArrayList<>(guarded);
        while (!left.isEmpty()) {
            try {
                return ClassWeaver.weave(classFile, left);
            } catch (MethodTooLargeException e) {
                List<AnnotatedMethods.Found> tooLong = left.stream()
                        .filter(found -> found.specification().methodName().equals(e.getMethodName())
                                && found.specification().descriptor().equals(e.getDescriptor()))
                        .toList();
                report(
                        tooLong,
                        "runs unguarded: the guard has no room in its " + e.getCodeSize()
                                + " bytes of code, 65535 is the most that a method may have; let it call another one that holds its body");
                if (tooLong.isEmpty()) {
                    throw e;
                }
                left.removeAll(tooLong);
            }
        }
        return null;
    }

    private void reportUnreadableResults(ClassLoader loader, byte[] classFile, List<AnnotatedMethods.Found> guarded) {
        ReadableResults results = null;
        for (AnnotatedMethods.Found found : guarded) {
            MethodSpecification method = found.specification();
            if (!ReadableResults.isOfInterest(method)) {
                continue;
            }
            results = results != null ? results : new ReadableResults(loader, classFile);
            String unended = results.unended(method);
            if (unended != null) {
                boolean throwing = configuration
                        .text(Setting.ON_UNOBSERVABLE, Policies.settingScope(method))
                        .equals("throw");
                log.sayOnce(UnendedReturn.report(method, unended, throwing));
                continue;
            }
            String problem = results.problem(method);
            if (problem != null) {
                report(
                        List.of(found),
                        "returns what may not be read back for its duplicates, which then get DuplicateTraceException: "
                                + problem);
            }
        }
    }

    private void report(List<AnnotatedMethods.Found> methods, String problem) {
        for (AnnotatedMethods.Found method : methods) {
            log.say(method.specification().qualifiedName() + " " + problem);
        }
    }

    @Override
    public void lookAt(@Nullable String className, byte[] classFile) {
        checks.lookAt(className, classFile);
    }

    @Override
    public void setMode(String wanted) {
        mode = mode(wanted);
        Guard prepared = guard.isDone() ? guard() : null;
        if (prepared != null) {
            prepared.mode(mode);
        }
    }

    private static GuardMode mode(String setting) {
        return GuardMode.valueOf(setting.toUpperCase(Locale.ROOT));
    }

    @Override
    public String state() {
        if (!guard.isDone()) {
            return STARTING;
        }
        Guard prepared = guard();
        return EngineState.of(mode, prepared == null ? failure.get() : prepared.problem());
    }

    @Override
    public List<BackgroundPart> background() {
        return EngineState.background();
    }

    @Override
    public long count(String ending) {
        return counters.get(Ending.of(ending));
    }

    @Override
    public long figure(Figure figure) {
        Guard prepared = guard.isDone() ? guard() : null;
        if (prepared == null) {
            return 0;
        }
        return switch (figure) {
            case PENDING_UPDATES -> prepared.pendingUpdates();
            case PENDING_BYTES -> prepared.pendingBytes();
            case LOST_COMPLETIONS -> prepared.lostCompletions();
            case UNACKNOWLEDGED_COMPLETIONS -> prepared.unacknowledgedCompletions();
        };
    }

    /** What is to be known of completions that did not reach the store as they should; empty where all did. */
    private String completionFigures() {
        return completionFigure("pending", Figure.PENDING_UPDATES)
                + completionFigure("lost", Figure.LOST_COMPLETIONS)
                + completionFigure("unacknowledged", Figure.UNACKNOWLEDGED_COMPLETIONS);
    }

    private String completionFigure(String name, Figure figure) {
        long count = figure(figure);
        return count == 0 ? "" : " " + name + "=" + count;
    }

    @Override
    public void stop() {
        Guard prepared = guard();
        if (prepared != null) {
            prepared.flush(FLUSH_MILLIS);
        }
        checks.problemsAtEnd().forEach(log::say);
        String line = counters + " store=" + (configuration.usesRedis() ? "redis" : "memory") + completionFigures();
        // Without a guard nothing was woven, so that nobody saw the bodies that ran.
        log.sayLast(
                prepared != null
                        ? line
                        : line.replace("unguarded=0", "unguarded=unknown") + " mode=off reason=" + failure);
    }
}
