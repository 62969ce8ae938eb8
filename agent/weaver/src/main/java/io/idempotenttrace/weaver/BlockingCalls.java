package io.idempotenttrace.weaver;

import io.idempotenttrace.core.guard.GuardLog;
import io.idempotenttrace.weaver.async.CallerThread;

/** Warns, once for a method, that it waits for Redis on a thread that must not wait. */
final class BlockingCalls {

    private final String method;
    private final GuardLog log;
    /** Set when it was said, and from the first where nothing waits. */
    private volatile boolean said;

    BlockingCalls(String method, GuardedMethod.Parts parts) {
        this.method = method;
        this.log = parts.log();
        this.said = !parts.configuration().usesRedis();
    }

    void warnOnce() {
        if (!said && CallerThread.mustNotBlock()) {
            said = true;
            log.say(method + " is called on " + Thread.currentThread().getName()
                    + ", a thread that must not block, and waits there for"
                    + " Redis: let it return a CompletionStage or a reactive type, or call it on a worker thread");
        }
    }
}
