package io.idempotenttrace.weaver;

import io.idempotenttrace.agent.AgentEngine;
import io.idempotenttrace.agent.BackgroundPart;
import io.idempotenttrace.agent.MethodCounts;
import io.idempotenttrace.agent.ScopeCounts;
import io.idempotenttrace.bridge.CallsWithoutGuard;
import io.idempotenttrace.bridge.GuardBootstrap;
import io.idempotenttrace.bridge.GuardLinker;
import io.idempotenttrace.bridge.GuardPoint;
import io.idempotenttrace.bridge.RetryPause;
import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.background.BackgroundLoop;
import io.idempotenttrace.core.background.Waiting;
import io.idempotenttrace.core.canonical.PayloadHasher;
import io.idempotenttrace.core.failure.Failures;
import io.idempotenttrace.core.guard.CallCounters;
import io.idempotenttrace.core.guard.CallCounters.Ending;
import io.idempotenttrace.core.guard.FleetListener;
import io.idempotenttrace.core.guard.Guard;
import io.idempotenttrace.core.guard.GuardFigures;
import io.idempotenttrace.core.guard.GuardLimits;
import io.idempotenttrace.core.guard.GuardLog;
import io.idempotenttrace.core.guard.GuardMode;
import io.idempotenttrace.core.guard.GuardModes;
import io.idempotenttrace.core.guard.UnguardedReason;
import io.idempotenttrace.core.open.IdempotencyStores;
import io.idempotenttrace.core.open.PayloadHashers;
import io.idempotenttrace.core.store.FleetBoard;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.weaver.application.ApplicationCode;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The agent behind the bridge: weaves classes as they load, and links woven methods as they are first called. */
public final class Engine implements AgentEngine {

    private static final long SHORTEST_FLUSH_MILLIS = 2000;
    private static final long LONGEST_FLUSH_MILLIS = 10_000;

    /** How long a class may wait for the guard to be ready: it takes a tenth of a second. */
    private static final long PREPARE_SECONDS = 30;

    private final Configuration configuration;
    private final GuardLog log;
    private final LastLines lastLines;
    private final CallCounters counters = new CallCounters();
    /**
     * Prepared aside while the first class is woven: the one is as long as the other, and the application waits for both. Another one
     * takes its place when it has failed.
     */
    private volatile FutureTask<GuardedMethod.Parts> prepared = preparation();

    private final RetryPause pause = new RetryPause();
    /** Why there is no guard; null while nobody has missed it, and when it is there. */
    private volatile @Nullable String failure;

    private final AnnotatedClasses seen = new AnnotatedClasses();
    private final WovenMethodChecks checks;
    private final DriverClasses drivers;
    private final ResultClasses resultClasses = new ResultClasses();
    private final MeterLibraries meters;

    private final GuardModes modes;
    /** Null where the store is in this process, or nothing is asked of the fleet. */
    private volatile @Nullable FleetListener fleet;
    /** Null before the store is open. */
    private volatile @Nullable IdempotencyStore opened;
    /** Null but while the engine warms up. */
    private volatile @Nullable WarmUp warmUp;
    /** What the exit line says; empty before. */
    private volatile Map<Ending, Long> countsAtEnd = Map.of();

    private Engine(Configuration configuration) {
        this.configuration = configuration;
        EngineLines lines = new EngineLines(configuration.text(Setting.LOG).equals("slf4j"));
        log = new GuardLog(lines, configuration.millis(Setting.LOG_PERIOD));
        lastLines = new LastLines(log);
        checks = new WovenMethodChecks(configuration, log);
        drivers = new DriverClasses(log);
        meters = new MeterLibraries(configuration, seen, this::figures, log);
        modes = new GuardModes(
                scope -> known(
                        scope.isEmpty() ? configuration.text(Setting.MODE) : configuration.text(Setting.MODE, scope)),
                log::say);
        GuardBootstrap.connect(new GuardLinker() {
            @Override
            public GuardPoint link(MethodHandles.Lookup caller, String specification) {
                WarmUp own = warmUp;
                GuardedMethod.Parts ofWarmUp = own == null ? null : own.partsOf(caller.lookupClass());
                if (ofWarmUp != null) {
                    return new MethodLinker(ofWarmUp).link(caller, specification);
                }
                lines.linked(caller.lookupClass());
                GuardedMethod.Parts parts = parts();
                GuardPoint point = new MethodLinker(parts).link(caller, specification);
                if (point instanceof GuardedMethod method && method.joinsTransactions()) {
                    drivers.watch(parts.guard());
                }
                return point;
            }
        });
        boolean aside = ClassLoader.getSystemClassLoader().isRegisteredAsParallelCapable()
                && BackgroundLoop.runOnce("idempotent-trace-start", prepared);
        if (!aside) {
            prepareHere();
        }
    }

    private FutureTask<GuardedMethod.Parts> preparation() {
        return new FutureTask<>(new Callable<>() {
            @Override
            public GuardedMethod.Parts call() {
                return prepare();
            }
        });
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
            prepared.run();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private GuardedMethod.Parts prepare() {
        if (configuration.problem() != null) {
            throw new IllegalStateException(configuration.problem());
        }
        PayloadHasher hasher = PayloadHashers.open(configuration);
        IdempotencyStore store = IdempotencyStores.open(configuration, log::say);
        try {
            IdempotencyStore fallback =
                    configuration.usesRedis() ? IdempotencyStores.inMemory(configuration, log::say) : null;
            Guard guard = new Guard(store, fallback, modes, limits(configuration), counters, log);
            opened = store;
            listenToFleet(store, guard);
            Monitoring.start(configuration, this::figures, log);
            return new GuardedMethod.Parts(configuration, guard, hasher, counters, meters, log);
        } catch (Throwable fault) {
            store.close();
            throw fault;
        }
    }

    private void listenToFleet(IdempotencyStore store, Guard guard) {
        FleetBoard board = store.fleet();
        long period = configuration.millis(Setting.FLEET_POLL);
        if (board == null || period == 0) {
            return;
        }
        FleetListener listener = new FleetListener(
                board,
                modes,
                new FleetListener.Figures() {
                    @Override
                    public void watched(boolean isWatched) {
                        guard.watched(isWatched);
                    }

                    @Override
                    public void answered(boolean answers) {
                        guard.storeAnswers(answers);
                    }

                    @Override
                    public String line(long number, boolean ended) {
                        return guard.figureLine(
                                board.process(), board.version(), number, ended, ended ? countsAtEnd : counts());
                    }
                },
                period,
                log);
        fleet = listener;
        listener.start();
    }

    /** As the exit line has them. */
    private Map<Ending, Long> counts() {
        takeUpOthers();
        return counters.byEnding();
    }

    /** A share of the heap at most, so that a small JVM does not fill up with what it remembers. */
    private static GuardLimits limits(Configuration configuration) {
        long heap = Runtime.getRuntime().maxMemory();
        return new GuardLimits(
                Math.min(configuration.count(Setting.OUTAGE_MEMORY_BYTES), heap / 16),
                Math.min(configuration.count(Setting.PENDING_BYTES), heap / 4));
    }

    /**
     * Waits for the guard, and prepares it anew where that has failed before. An interrupt is kept for the application.
     *
     * @throws IllegalStateException if there is none now
     */
    private GuardedMethod.Parts parts() {
        try {
            GuardedMethod.Parts parts = Waiting.uninterruptibly(prepared, PREPARE_SECONDS, TimeUnit.SECONDS);
            failure = null;
            return parts;
        } catch (ExecutionException | TimeoutException e) {
            Throwable cause = Failures.cause(e);
            if (e instanceof ExecutionException && prepareAgain()) {
                return parts();
            }
            throw new IllegalStateException(missed(cause), cause);
        }
    }

    private synchronized boolean prepareAgain() {
        if (!prepared.isDone() || !hasFailed(prepared)) {
            return true;
        }
        if (!pause.isOver()) {
            return false;
        }
        prepared = preparation();
        prepareHere();
        boolean failed = hasFailed(prepared);
        if (failed) {
            pause.failed(/* first= */ false);
        }
        return !failed;
    }

    private static boolean hasFailed(FutureTask<?> done) {
        try {
            done.get(0, TimeUnit.SECONDS);
            return false;
        } catch (ExecutionException e) {
            return true;
        } catch (TimeoutException | InterruptedException e) {
            return false;
        }
    }

    private String missed(Throwable cause) {
        String problem = "the engine could not start (" + cause + ")";
        if (failure == null) {
            log.say(problem
                    + "; until it can, calls of annotated methods are refused (on-store-failure=throw), or their bodies run"
                    + " unguarded (proceed)");
        }
        failure = problem;
        return problem;
    }

    /** Null if there is none now, which is said once. */
    private @Nullable Guard guard() {
        try {
            return parts().guard();
        } catch (IllegalStateException missed) {
            return null;
        }
    }

    /** As {@link #guard()}, without waiting for the first one. */
    private @Nullable Guard guardIfPrepared() {
        return prepared.isDone() ? guard() : null;
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
    public void warmUp(long mostMillis) {
        GuardedMethod.Parts parts;
        try {
            parts = parts();
        } catch (IllegalStateException missed) {
            // It is said.
            return;
        }
        String problem;
        try (WarmUp own = new WarmUp(parts)) {
            warmUp = own;
            problem = own.run(Objects.requireNonNull(opened, "opened"), mostMillis);
        } finally {
            warmUp = null;
        }
        if (problem != null) {
            log.say("warm-up=true: not everything could be done at the start (" + problem
                    + "); the first guarded call does the rest");
        }
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
        List<AnnotatedMethod> methods = AnnotatedMethod.in(loader, classFile);
        if (methods.isEmpty()) {
            // Its annotated methods only hand on to others, as an override does that calls super.
            checks.lookAt(className, classFile);
            return null;
        }
        if (loader != Engine.class.getClassLoader()) {
            // Not the warm-up's call, which is no method of the application.
            seen.add(loader, ClassFiles.reader(classFile).getClassName());
            meters.accept(loader);
        }
        if (methods.stream().anyMatch(method -> ResultClasses.areNeededBy(method.specification()))) {
            resultClasses.initializeAside();
        }
        WeavingPlan plan = new WeavingPlan(methods, configuration, this::report);
        if (plan.hasGuards() && !BridgeView.isIn(loader)) {
            plan.leaveAll(new MethodProblem(
                    ProblemCode.CLASS_MISSING,
                    "runs unguarded: its class loader " + BridgeView.name(loader) + " does not delegate package "
                            + BridgeView.PACKAGE + " to its parents; " + BridgeView.advice(loader)));
        }
        byte[] woven = plan.weave(loader, classFile);
        if (!plan.hasGuards()) {
            return woven;
        }
        List<AnnotatedMethods.Found> guarded = plan.guarded();
        try {
            reportResultsAndCallbacks(loader, classFile, guarded);
            guard();
            checks.check(loader, classFile, guarded);
        } catch (Throwable fault) {
            log.say("class " + className + " could not be looked through (" + fault
                    + "); its annotated methods are guarded");
        }
        return woven;
    }

    private void reportResultsAndCallbacks(ClassLoader loader, byte[] classFile, List<AnnotatedMethods.Found> guarded) {
        ReadableResults results = null;
        for (AnnotatedMethods.Found found : guarded) {
            MethodSpecification method = found.specification();
            boolean ofInterest = ReadableResults.isOfInterest(method);
            if (!ofInterest && !ReadableResults.hasParameters(method)) {
                continue;
            }
            results = results != null ? results : new ReadableResults(loader, classFile);
            MethodProblem result = ofInterest ? results.problem(method, configuration) : null;
            if (result != null) {
                log.sayOnce(method.qualifiedName() + ' ' + result.message());
            }
            boolean unobservable = result != null && result.code() == ProblemCode.UNOBSERVABLE_RETURN;
            MethodProblem parameters =
                    unobservable ? null : results.problemOfParameters(method, classFile, configuration);
            if (parameters != null) {
                log.sayOnce(method.qualifiedName() + ' ' + parameters.message());
            }
        }
    }

    private void report(AnnotatedMethods.Found method, MethodProblem problem) {
        log.say(method.specification().qualifiedName() + " " + problem.message());
    }

    @Override
    public byte @Nullable [] lookAt(ClassLoader loader, @Nullable String className, byte[] classFile) {
        checks.lookAt(className, classFile);
        return drivers.weave(loader, className, classFile);
    }

    @Override
    public void switchMode(@Nullable String scope, @Nullable String wanted, String who) {
        modes.byJmx(scope == null ? "" : scope, wanted == null ? null : known(wanted), who);
    }

    private static GuardMode known(String mode) {
        return Objects.requireNonNull(GuardModes.known(mode), mode);
    }

    @Override
    public String mode(@Nullable String scope) {
        return modes.mode(scope == null ? "" : scope).word();
    }

    @Override
    public List<String> modes() {
        return EngineState.modes(modes);
    }

    @Override
    public String state() {
        if (!prepared.isDone()) {
            return STARTING;
        }
        Guard ready = guard();
        return EngineState.of(modes.all().mode(), ready == null ? failure : ready.problem());
    }

    @Override
    public List<MethodCounts> methods() {
        List<MethodCounts> methods = new ArrayList<>();
        for (Map.Entry<String, CallCounters> part : counters.parts().entrySet()) {
            CallCounters ofMethod = part.getValue();
            long[] counts =
                    Arrays.stream(Ending.values()).mapToLong(ofMethod::get).toArray();
            methods.add(new MethodCounts(part.getKey(), counts));
        }
        return methods;
    }

    /** Looks at the application's classes by its class loaders, which may be code of the application's. */
    @Override
    public List<String> explain() {
        return ApplicationCode.read(() -> {
            MethodExplainer explainer = new MethodExplainer(configuration);
            seen.forEach(explainer::annotated);
            explainer.unguarded(checks.unguardedOverrides());
            explainer.shared(checks.sharedScopes());
            explainer.counts(counters);
            Guard ready = guardIfPrepared();
            if (ready != null) {
                explainer.observed(ready.observedCalls());
            }
            return explainer.lines();
        });
    }

    @Override
    public List<String> verdicts(boolean showKeys) {
        Guard ready = guardIfPrepared();
        return ready == null ? List.of() : VerdictLines.of(ready.verdicts().entries(), showKeys);
    }

    /** What is counted and measured, with what bridge and entry have counted; null where there is no guard. */
    private @Nullable GuardFigures figures() {
        takeUpOthers();
        Guard ready = guardIfPrepared();
        return ready == null ? null : ready.figures();
    }

    @Override
    public List<ScopeCounts> scopes() {
        GuardFigures now = figures();
        return now == null ? List.of() : ScopesForJmx.of(now);
    }

    @Override
    public List<BackgroundPart> background() {
        return EngineState.background();
    }

    @Override
    public long count(String ending) {
        takeUpOthers();
        return counters.get(Ending.of(ending));
    }

    @Override
    public long figure(Figure figure) {
        Guard ready = guardIfPrepared();
        if (ready == null) {
            return 0;
        }
        return switch (figure) {
            case PENDING_UPDATES -> ready.pendingUpdates();
            case PENDING_BYTES -> ready.pendingBytes();
            case LOST_COMPLETIONS -> ready.lostCompletions();
            case UNACKNOWLEDGED_COMPLETIONS -> ready.unacknowledgedCompletions();
            case REFUSED_COMPLETIONS -> ready.refusedCompletions();
            case HELD_TOO_LONG -> ready.heldTooLong();
            case RECORD_BYTES -> ready.recordBytes();
            case DROPPED_RECORDS -> ready.droppedRecords();
            case UNREADABLE_RESULTS -> ready.unreadableResults();
            case NEWER_RECORDS -> ready.newerRecords();
            case STORE_PARTS_AWAY -> ready.partsAway();
        };
    }

    /**
     * How long the JVM's stop may wait for completions that are still to be written. Those whose connection has died are heard of when
     * their commands time out, and are sent again then.
     */
    private long flushMillis() {
        long answered = configuration.millis(Setting.COMMAND_TIMEOUT) + 1000;
        return Math.max(SHORTEST_FLUSH_MILLIS, Math.min(LONGEST_FLUSH_MILLIS, answered));
    }

    /** Those that were counted in place, by bridge and entry. */
    private void takeUpOthers() {
        long bodies;
        long refused;
        synchronized (CallsWithoutGuard.COUNTED) {
            bodies = CallsWithoutGuard.COUNTED.bodies;
            refused = CallsWithoutGuard.COUNTED.refused;
            CallsWithoutGuard.COUNTED.bodies = 0;
            CallsWithoutGuard.COUNTED.refused = 0;
        }
        counters.addUnguarded(UnguardedReason.AGENT, bodies);
        counters.add(Ending.FAILED, refused);
    }

    @Override
    public void stop() {
        Guard ready = guard();
        if (ready != null) {
            List<String> left = ready.drain(configuration.millis(Setting.STOP_WAIT));
            ready.flush(flushMillis());
            if (!left.isEmpty()) {
                log.say("the JVM stops while " + left.size() + " calls run, such as that of " + left.get(0)
                        + " (stop-wait is over); they are not counted, and their keys are free after their lease");
            }
        }
        checks.problemsAtEnd().forEach(log::say);
        // Calls that begin meanwhile are in neither of the two, so that those who watch see what this line says.
        Map<Ending, Long> last = counts();
        countsAtEnd = last;
        FleetListener listener = fleet;
        if (listener != null) {
            listener.tellLast();
        }
        String counts = CallCounters.text(last);
        if (CallsWithoutGuard.COUNTED.classMissed) {
            counts = counts.replace(" unguarded=" + last.get(Ending.UNGUARDED), " unguarded=unknown");
        }
        String line = counts + " store=" + (configuration.usesRedis() ? "redis" : "memory");
        if (ready != null) {
            ready.observedCalls().lines().forEach(log::inform);
            lastLines.say(ready);
        }
        String lastLine = ready != null ? line : line + " mode=off reason=" + failure;
        log.sayLast(lastLine);
        LastLines.sayBelow(lastLine);
    }
}
