package io.idempotenttrace.weaver.telemetry;

import io.idempotenttrace.agent.GuardedCallEvent;
import io.idempotenttrace.agent.TelemetryClasses;
import io.idempotenttrace.core.guard.CallListener;
import io.idempotenttrace.core.guard.EndedCall;
import io.idempotenttrace.core.guard.GuardLog;
import io.idempotenttrace.weaver.application.ApplicationCode;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells what became of the calls of one method: to a recording of the Flight Recorder, to the current span of OpenTelemetry, and to the
 * listeners of the application. It is held by the method's call site, and so no longer than the application's class loader lives.
 *
 * <p>While nobody can listen, a call reads one field for it. Who may listen is looked for when a class is loaded by which somebody could,
 * see {@link TelemetryClasses}.
 */
public final class CallTelling implements CallListener {

    private final String method;
    private final @Nullable ClassLoader loader;
    private final boolean tellsSpans;
    private final Consumer<ClassLoader> meters;
    private final GuardLog log;

    /** {@link TelemetryClasses#changes()} when this last looked. Those below are written before it. */
    private volatile int looked;

    private final AtomicBoolean looking = new AtomicBoolean();
    private boolean recorded;
    private @Nullable CallSpans spans;
    private @Nullable ApplicationListeners listeners;

    /**
     * @param method for people
     * @param loader of its class; null for the boot loader, which sees none of the application's libraries
     * @param tellsSpans whether spans are to be told
     * @param meters is told of the loader whenever meters may be made of its libraries
     */
    public CallTelling(
            String method,
            @Nullable ClassLoader loader,
            boolean tellsSpans,
            Consumer<ClassLoader> meters,
            GuardLog log) {
        this.method = method;
        this.loader = loader;
        this.tellsSpans = tellsSpans;
        this.meters = meters;
        this.log = log;
    }

    @Override
    public boolean isHeard() {
        int changes = TelemetryClasses.changes();
        if (looked != changes && looking.compareAndSet(false, true)) {
            try {
                look(changes);
            } finally {
                looking.set(false);
            }
        }
        if (recorded && isRecording()) {
            return true;
        }
        CallSpans toSpans = spans;
        ApplicationListeners toListeners = listeners;
        return (toSpans != null || toListeners != null) && isHeardByApplication(toSpans, toListeners);
    }

    private static boolean isRecording() {
        try {
            return GuardedCallEvent.isOn();
        } catch (Throwable fault) {
            // ended() meets it again, and says it.
            return true;
        }
    }

    private static boolean isHeardByApplication(
            @Nullable CallSpans toSpans, @Nullable ApplicationListeners toListeners) {
        boolean[] door = ApplicationCode.door();
        boolean before = door[0];
        door[0] = true;
        try {
            return toSpans != null && toSpans.isRecording() || toListeners != null && toListeners.isHeard();
        } catch (Throwable fault) {
            // ended() meets it again, and says it.
            return true;
        } finally {
            door[0] = before;
        }
    }

    /**
     * Runs code of the application's class loader. No other call waits for it: that one's thread may hold a lock of the class loader. What
     * fails is said, and not looked for again with each call.
     */
    private void look(int changes) {
        recorded = TelemetryClasses.isLoadedBy(null, TelemetryClasses.FLIGHT_RECORDER);
        ClassLoader application = loader;
        if (application != null) {
            ApplicationCode.run(() -> {
                lookFor(() -> listeners = ApplicationListeners.seenBy(application));
                lookFor(() -> spans = tellsSpans ? CallSpans.seenBy(application) : null);
                lookFor(() -> meters.accept(application));
            });
        }
        looked = changes;
    }

    private void lookFor(Runnable look) {
        try {
            look.run();
        } catch (Throwable other) {
            say("nobody can be told what becomes of the calls of ", other);
        }
    }

    @Override
    public boolean ended(EndedCall call) {
        boolean[] door = ApplicationCode.door();
        boolean before = door[0];
        door[0] = true;
        try {
            boolean recording = toRecording(call);
            boolean span = toSpan(call);
            return toListeners(call) && recording && span;
        } finally {
            door[0] = before;
        }
    }

    private boolean toRecording(EndedCall call) {
        try {
            if (recorded && GuardedCallEvent.isOn()) {
                GuardedCallEvent.write(
                        call.method(),
                        call.scope(),
                        call.tenant(),
                        call.ending().label(),
                        call.reason() == null ? null : call.reason().label(),
                        call.waitedMillis(),
                        call.storeNanos(),
                        call.attempt());
            }
            return true;
        } catch (Throwable fault) {
            return say("a recording of the Flight Recorder could not be told of a call of ", fault);
        }
    }

    private boolean toSpan(EndedCall call) {
        try {
            CallSpans toSpans = spans;
            if (toSpans != null) {
                toSpans.tell(call);
            }
            return true;
        } catch (Throwable fault) {
            return say("a span of OpenTelemetry could not be told of a call of ", fault);
        }
    }

    private boolean toListeners(EndedCall call) {
        try {
            ApplicationListeners toListeners = listeners;
            Throwable theirs = toListeners != null && toListeners.isHeard() ? toListeners.tell(call) : null;
            return theirs == null || say("a listener of CallVerdicts has failed at a call of ", theirs);
        } catch (Throwable fault) {
            return say("a listener of CallVerdicts could not be told of a call of ", fault);
        }
    }

    /** Returns false. */
    private boolean say(String what, Throwable failure) {
        try {
            log.sayOnceAPeriod(
                    GuardLog.Occasion.UNTOLD,
                    what + method,
                    what + method + " (" + failure + "); the call is not changed by it");
        } catch (Throwable again) {
            // It is counted; nothing is left to say it with.
        }
        return false;
    }
}
