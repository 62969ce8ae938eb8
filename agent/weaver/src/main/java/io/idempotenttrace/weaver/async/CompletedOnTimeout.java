package io.idempotenttrace.weaver.async;

import io.idempotenttrace.weaver.application.EngineRights;
import java.lang.StackWalker.StackFrame;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Whether what ends now is ended by {@link CompletableFuture#completeOnTimeout}. Its value stands in for work that has not ended, so the
 * work is not done, whatever the value says.
 *
 * <p>The JDK leaves no trace of it in the future. But it ends the future, and all stages that hang on it without an executor, below one
 * method of its own on one thread of its own, and there the stack tells: between that method and the agent's listener lie frames of {@code
 * CompletableFuture} alone. A frame of the application in between says that its code has ended the future, perhaps after real work, on a
 * thread that happens to be the timer's.
 *
 * <p>What it can't tell apart: a future that was made to end by its time-out only, as a pause, and whose next stage does the work on the
 * timer's thread. That work counts as not done. And a thread that waits for the future may be quicker than the timer's, and call the
 * listeners itself: the end that it tells counts. So the futures that the agent itself gives to callers ask when they are ended, see
 * {@link FutureShape#hasTimedOut}.
 */
public final class CompletedOnTimeout {

    /** The JDK's tasks that do it: until Java 24, and since. */
    private static final Set<String> TASKS = Set.of(
            CompletableFuture.class.getName() + "$DelayedCompleter", CompletableFuture.class.getName() + "$Timeout");

    private static final String FUTURES = CompletableFuture.class.getName();
    private static final String AGENT = "io.idempotenttrace.";

    private CompletedOnTimeout() {}

    /** To be asked on the thread on which a future ends with a value, or calls its listener. */
    public static boolean isEnding() {
        return isTimer(Thread.currentThread().getName()) && Stack.isOfTimeout();
    }

    /** Costs nothing where calls end on other threads. */
    private static boolean isTimer(String thread) {
        // Until Java 24 a thread of its own, since then that of the common pool.
        return thread.equals("CompletableFutureDelayScheduler") || thread.endsWith("-delayScheduler");
    }

    /** Apart, so that most processes never make it. */
    private static final class Stack {

        /** Its option is a right that the application, which may be what calls, need not have. */
        private static final StackWalker WALKER =
                EngineRights.get(() -> StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE));

        static boolean isOfTimeout() {
            return WALKER.walk(frames -> {
                for (Iterator<StackFrame> all = frames.iterator(); all.hasNext(); ) {
                    StackFrame frame = all.next();
                    if (TASKS.contains(frame.getClassName())) {
                        return true;
                    }
                    if (!isBetween(frame)) {
                        return false;
                    }
                }
                return false;
            });
        }

        private static boolean isBetween(StackFrame frame) {
            String name = frame.getClassName();
            return name.startsWith(FUTURES)
                    || name.startsWith(AGENT)
                    || name.startsWith("java.security.")
                    // Of a subclass that does more when it ends.
                    || frame.getMethodName().equals("complete")
                            && CompletableFuture.class.isAssignableFrom(frame.getDeclaringClass());
        }
    }
}
