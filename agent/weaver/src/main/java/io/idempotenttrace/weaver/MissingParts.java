package io.idempotenttrace.weaver;

import io.idempotenttrace.core.guard.GuardLog;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What is said of one method whose pointers match nothing in a call's arguments: a typing error in a pointer otherwise shows only by
 * the traces that it loses. Each kind is said once, with the members that are there; what that costs is paid once, too.
 */
final class MissingParts {

    private final String methodName;
    private final CallDocument document;
    private final GuardLog log;
    private final AtomicBoolean keySaid = new AtomicBoolean();
    private final AtomicBoolean tenantSaid = new AtomicBoolean();
    private final AtomicBoolean traceIdSaid = new AtomicBoolean();

    MissingParts(String methodName, CallDocument document, GuardLog log) {
        this.methodName = methodName;
        this.document = document;
        this.log = log;
    }

    /**
     * Which part of the key matches nothing, for people; null if each part is there, or if that was said before.
     *
     * @param again whether it is wanted though it was said before: the exception of a refused call has it each time
     */
    @Nullable
    String keyPart(Object[] arguments, boolean again) {
        String miss = keySaid.get() && !again ? null : document.describeMissingKeyPart(arguments);
        return miss != null && (keySaid.compareAndSet(false, true) || again) ? miss : null;
    }

    /** A call names no tenant: says so, if its pointer matches nothing. */
    void sayTenant(Object[] arguments, String configured) {
        if (!tenantSaid.get() && document.isTenantMissing(arguments) && tenantSaid.compareAndSet(false, true)) {
            log.say(methodName + " was called without tenant: " + document.describeMissingTenant(arguments)
                    + ". Its records are those of the configured tenant '" + configured
                    + "', as for every such call; mend the pointer of @TenantId");
        }
    }

    /** A call names no trace id: says so, if its pointer matches nothing. */
    void sayTraceId(Object[] arguments) {
        if (!traceIdSaid.get() && document.isTraceIdMissing(arguments) && traceIdSaid.compareAndSet(false, true)) {
            log.say(methodName + " was called without trace id: " + document.describeMissingTraceId(arguments)
                    + ". None is stored with its claim, as for every such call; mend the pointer of @TraceId");
        }
    }
}
