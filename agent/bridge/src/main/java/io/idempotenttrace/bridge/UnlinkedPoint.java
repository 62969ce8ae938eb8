package io.idempotenttrace.bridge;

import java.lang.invoke.CallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MutableCallSite;
import org.jspecify.annotations.Nullable;

/**
 * Stands in a call site whose method could not be linked to the engine. The failure may pass, as a lack of stack or memory does, so calls
 * try again; the first that succeeds puts the method's own point into the call site. Until then calls are refused, or their bodies run and
 * are counted, as the policy that the weaver has written into the call site says.
 */
final class UnlinkedPoint extends GuardPoint {

    private final MethodHandles.Lookup caller;
    private final String specification;
    private final boolean refuses;
    private final MutableCallSite site = new MutableCallSite(GuardBootstrap.POINT_TYPE);
    private final RetryPause pause = new RetryPause();
    private final OnceAPeriod log = new OnceAPeriod();
    private volatile Throwable failure;

    UnlinkedPoint(MethodHandles.Lookup caller, String specification, boolean refuses, Throwable failure) {
        this.caller = caller;
        this.specification = specification;
        this.refuses = refuses;
        this.failure = failure;
        pause.failed(/* first= */ true);
        site.setTarget(constant(this));
    }

    CallSite site() {
        return site;
    }

    static MethodHandle constant(GuardPoint point) {
        return MethodHandles.constant(GuardPoint.class, point);
    }

    @Override
    public @Nullable GuardedCall enter(Object[] arguments) {
        GuardPoint linked = null;
        Throwable reason;
        try {
            linked = linkAgain();
            reason = failure;
        } catch (Throwable fault) {
            reason = fault;
        }
        if (linked != null) {
            return linked.enter(arguments);
        }
        if (!refuses) {
            synchronized (CallsWithoutGuard.COUNTED) {
                CallsWithoutGuard.COUNTED.bodies++;
            }
            say(reason, "its body runs unguarded (on-store-failure=proceed)");
            return null;
        }
        synchronized (CallsWithoutGuard.COUNTED) {
            CallsWithoutGuard.COUNTED.refused++;
        }
        say(reason, "its calls are refused (on-store-failure=throw)");
        throw Refusals.of(
                caller.lookupClass(), described(reason) + ". The body did not run (on-store-failure=throw)", reason);
    }

    private synchronized @Nullable GuardPoint linkAgain() {
        if (!pause.isOver()) {
            return null;
        }
        try {
            GuardPoint linked = GuardBootstrap.linked(caller, specification);
            site.setTarget(constant(linked));
            MutableCallSite.syncAll(new MutableCallSite[] {site});
            return linked;
        } catch (Throwable again) {
            failure = again;
            pause.failed(/* first= */ false);
            return null;
        }
    }

    private String described(Throwable reason) {
        return caller.lookupClass().getName() + " has a method that could not be linked to the agent (" + reason + ")";
    }

    private void say(Throwable reason, String consequence) {
        try {
            log.say(described(reason) + "; " + consequence);
        } catch (Throwable again) {
            // A later call says it.
        }
    }
}
