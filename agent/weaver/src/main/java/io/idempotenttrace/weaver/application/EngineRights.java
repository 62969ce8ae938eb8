package io.idempotenttrace.weaver.application;

import io.idempotenttrace.bridge.Permissions;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * The one door through which the application's libraries call back into the engine: listeners of futures, signals and subscriptions of
 * publishers, resumed coroutines, ends of transactions. A woven method itself enters through the bridge, which has the same door.
 *
 * <p>Under a security manager the library that calls has few rights, and all that the engine does below such a call would be checked
 * against these. Behind this door the engine's own rights count. Nobody gets more than he has: code of the application that runs below is
 * checked against its own rights still.
 */
public final class EngineRights {

    private EngineRights() {}

    /** What the work returns or throws. */
    public static <T> T get(Supplier<T> work) {
        return Permissions.areChecked() ? Permissions.privileged(work::get) : work.get();
    }

    public static void run(Runnable work) {
        if (Permissions.areChecked()) {
            Permissions.privileged(() -> {
                work.run();
                return null;
            });
        } else {
            work.run();
        }
    }

    /** A listener that the application's code calls, on whatever thread; also at once, while the engine adds it. */
    public static <A, B> BiConsumer<A, B> listener(BiConsumer<A, B> listener) {
        return (first, second) -> ApplicationCode.leave(() -> run(() -> listener.accept(first, second)));
    }
}
