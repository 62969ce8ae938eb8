package io.idempotenttrace.weaver.application;

import java.util.function.Supplier;

/**
 * The one door through which the engine runs code of the application that the application itself has not called: a getter, a map's
 * iterator or a {@code toString} while a payload is hashed; the user's mapping methods; what Jackson calls to write a result and to read
 * it back, constructors included; {@code equals} of a result; {@code isDone} and {@code get} of a future; a class loader's
 * {@code getResourceAsStream}; the stream behind {@code System.err}.
 *
 * <p>Such code may call a guarded method. That is no call of the application: if it were claimed, the application's own first call with
 * the same key would be a duplicate, and its body would never run. So a guarded method that is called behind this door, on the same
 * thread, runs its body as if the agent were not there. It claims nothing, completes nothing, and is counted in no way, not even as
 * unguarded.
 *
 * <p>Two things are not behind this door. What continues the application's own work is not: the body, the subscription to a publisher,
 * the callbacks of a future that its caller holds. And neither is what the application's code starts on other threads meanwhile, such as
 * a getter that uses a parallel stream: the engine can't tell it from the application's own calls, and claims it.
 *
 * <p>Safe for use by many threads.
 */
public final class ApplicationCode {

    /** Whether this thread is behind the door. An array of the JDK's own type, so that an application's thread holds no class of ours. */
    private static final ThreadLocal<boolean[]> RUNNING = new ThreadLocal<>() {
        @Override
        protected boolean[] initialValue() {
            return new boolean[1];
        }
    };

    private ApplicationCode() {}

    /** Whether the engine has called what this thread runs. */
    public static boolean isRunning() {
        return RUNNING.get()[0];
    }

    /** Runs the code behind the door. What it throws is thrown. */
    public static <T> T read(Supplier<T> code) {
        boolean[] door = door();
        boolean before = door[0];
        door[0] = true;
        try {
            return code.get();
        } finally {
            door[0] = before;
        }
    }

    /** As {@link #read}, for code that returns nothing. */
    public static void run(Runnable code) {
        boolean[] door = door();
        boolean before = door[0];
        door[0] = true;
        try {
            code.run();
        } finally {
            door[0] = before;
        }
    }

    /**
     * This thread's door, for code that each call runs: {@link #read} would make a function for each. The only element says whether the
     * thread is behind the door. Whoever sets it restores what was there in a finally block, by an assignment: a call of a method may fail
     * where no stack is left, and the thread's later calls would all run unguarded.
     */
    public static boolean[] door() {
        return RUNNING.get();
    }

    /** Runs the application's own work, even where the code behind the door has led to it: a future that has ended calls back at once. */
    static void leave(Runnable work) {
        boolean[] door = door();
        boolean before = door[0];
        door[0] = false;
        try {
            work.run();
        } finally {
            door[0] = before;
        }
    }
}
