package io.idempotenttrace.weaver;

import io.idempotenttrace.config.Configuration;
import io.idempotenttrace.config.Setting;
import io.idempotenttrace.core.background.BackgroundLoop;
import io.idempotenttrace.core.background.Waiting;
import io.idempotenttrace.core.failure.Failures;
import io.idempotenttrace.core.guard.CallCounters;
import io.idempotenttrace.core.guard.Guard;
import io.idempotenttrace.core.guard.GuardLimits;
import io.idempotenttrace.core.guard.GuardLog;
import io.idempotenttrace.core.guard.GuardMode;
import io.idempotenttrace.core.open.IdempotencyStores;
import io.idempotenttrace.core.store.IdempotencyStore;
import io.idempotenttrace.core.store.RecordId;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Does before the application begins what its first guarded call would wait for, where {@code warm-up=true} asks for it.
 *
 * <p>The problem: nearly all of that time goes into loading classes and into the first connection. Which classes a call needs is known best
 * by a call. So this weaves a small class of the engine's own, {@link WarmUpCall}, and calls it twice, once as new and once as a
 * duplicate. Its guard has a store in memory, counters and a log that are thrown away, so that nobody sees the calls. Meanwhile the store of
 * the application is asked, on another thread, for a record that does not exist: that waits for the connection, and leaves nothing.
 */
final class WarmUp implements AutoCloseable {

    /** No application has this tenant's record; its name does not begin with a scope of a woven method. */
    private static final RecordId NO_RECORD = new RecordId("idempotent-trace", "warm-up", "start");

    private static final GuardLog.Lines SILENT = new GuardLog.Lines() {
        @Override
        public boolean isDebug() {
            return false;
        }

        @Override
        public void say(GuardLog.Level level, String message) {
            // The lines are about a class that the user does not know.
        }
    };

    private final Configuration configuration;
    private final GuardedMethod.Parts parts;
    private final IdempotencyStore memory;
    private final WovenMethodChecks checks;

    /** @param own what the application's methods are guarded by */
    WarmUp(GuardedMethod.Parts own) {
        configuration = own.configuration();
        CallCounters counters = new CallCounters();
        GuardLog log = new GuardLog(SILENT, configuration.millis(Setting.LOG_PERIOD));
        checks = new WovenMethodChecks(configuration, log);
        memory = IdempotencyStores.inMemory(configuration, warning -> {});
        Guard guard = new Guard(memory, null, GuardMode.ENFORCE, new GuardLimits(0, 1), counters, log);
        parts = new GuardedMethod.Parts(configuration, guard, own.hasher(), counters, /* meters= */ null, log);
    }

    /** The guard of the call, where the class is the one that this has woven; else null. */
    GuardedMethod.@Nullable Parts partsOf(Class<?> caller) {
        return caller.isHidden() && caller.getClassLoader() == WarmUp.class.getClassLoader() ? parts : null;
    }

    /**
     * Warms up, on this thread.
     *
     * @param mostMillis how long to wait for the store, from now on
     * @return what could not be done, for people; null if all was
     */
    @Nullable
    String run(IdempotencyStore store, long mostMillis) {
        long begun = System.nanoTime();
        FutureTask<?> asked = new FutureTask<>(() -> store.status(NO_RECORD));
        boolean asking = configuration.usesRedis() && BackgroundLoop.runOnce("idempotent-trace-warm-up", asked);
        try {
            call();
            if (asking) {
                long left = TimeUnit.MILLISECONDS.toNanos(mostMillis) - (System.nanoTime() - begun);
                Waiting.uninterruptibly(asked, Math.max(1, left), TimeUnit.NANOSECONDS);
            }
            return null;
        } catch (TimeoutException e) {
            return "Redis did not answer within " + mostMillis + " ms (connect-timeout)";
        } catch (ExecutionException e) {
            return String.valueOf(Failures.cause(e).getMessage());
        } catch (IOException | ReflectiveOperationException | RuntimeException | LinkageError e) {
            return e.toString();
        }
    }

    private void call() throws IOException, ReflectiveOperationException {
        byte[] classFile = classFile();
        ClassLoader loader = WarmUp.class.getClassLoader();
        List<AnnotatedMethods.Found> methods = AnnotatedMethod.in(loader, classFile).stream()
                .map(AnnotatedMethod::source)
                .toList();
        byte[] woven = FittingMethods.weave(
                classFile,
                methods,
                method -> Policies.refusesUnguarded(method, configuration),
                (method, problem) -> {});
        if (woven == null) {
            throw new IllegalStateException("the call of the warm-up could not be woven");
        }
        checks.check(loader, classFile, methods);
        MethodHandles.Lookup hidden = MethodHandles.lookup().defineHiddenClass(woven, /* initialize= */ true);
        Object call = hidden.lookupClass().getDeclaredConstructor().newInstance();
        ((Runnable) call).run();
    }

    private static byte[] classFile() throws IOException {
        try (InputStream in = WarmUp.class.getResourceAsStream("WarmUpCall.class")) {
            if (in == null) {
                throw new IOException("the class of the warm-up's call is not in the agent's jar");
            }
            return in.readAllBytes();
        }
    }

    @Override
    public void close() {
        parts.guard().close();
        memory.close();
    }
}
