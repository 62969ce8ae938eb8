package io.idempotenttrace.agent;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/**
 * One guarded call in a recording of the JDK's Flight Recorder. It has no key and no payload. The engine makes it, and its own loader hides
 * the Flight Recorder from Lettuce and Netty; so this class lives here, on the boot loader. A Java may lack the module, so that loading this
 * class fails: it is touched only once {@link TelemetryClasses} has noted the recorder.
 */
@Name("io.idempotenttrace.GuardedCall")
@Label("Guarded Call")
@Category("idempotent-trace")
@Description("What became of a call of a method with @IdempotentTrace")
@StackTrace(false)
public final class GuardedCallEvent extends Event {

    @Label("Method")
    @Nullable
    String method;

    @Label("Scope")
    @Nullable
    String scope;

    @Label("Tenant")
    @Nullable
    String tenant;

    @Label("Verdict")
    @Nullable
    String verdict;

    @Label("Reason")
    @Description("Why the body ran unguarded")
    @Nullable
    String reason;

    @Label("Wait")
    @Description("For another call with its key")
    @Timespan(Timespan.MILLISECONDS)
    long waited;

    @Label("Store Time")
    @Description("How long Redis took to answer the claim")
    @Timespan(Timespan.NANOSECONDS)
    long storeTime;

    @Label("Attempt")
    @Description("How often the record was claimed; 0 where that is not known")
    long attempt;

    /** Whether calls are recorded now. Where they are not, this costs nothing that the compiler leaves over. */
    public static boolean isOn() {
        return new GuardedCallEvent().isEnabled();
    }

    /**
     * Records a call.
     *
     * @param verdict as the exit line names it
     * @param reason why the body ran unguarded; null where it did not
     * @param waitedMillis for another call with its key
     * @param storeNanos how long Redis took to answer the claim
     * @param attempt how often the record was claimed; 0 where that is not known
     */
    public static void write(
            @Nullable String method,
            @Nullable String scope,
            @Nullable String tenant,
            String verdict,
            @Nullable String reason,
            long waitedMillis,
            long storeNanos,
            long attempt) {
        GuardedCallEvent written = new GuardedCallEvent();
        written.method = method;
        written.scope = scope;
        written.tenant = tenant;
        written.verdict = verdict;
        written.reason = reason;
        written.waited = waitedMillis;
        written.storeTime = storeNanos;
        written.attempt = attempt;
        written.commit();
    }
}
