package io.idempotenttrace.bridge;

import java.security.AccessController;
import java.security.PrivilegedAction;
import org.jspecify.annotations.Nullable;

/**
 * Lets the agent do its own work where a security manager gives the application few rights: what the engine reads, connects to and
 * starts is checked against the engine's rights alone. Code of the application that runs meanwhile, such as a getter, keeps to its own.
 *
 * <p>A security manager may come after a method was linked, so each call looks. Since Java 24 there is none (JEP 486).
 */
public final class Permissions {

    private static final boolean POSSIBLE = Runtime.version().feature() < 24;

    private Permissions() {}

    /** Whether rights are checked now. */
    @SuppressWarnings("removal")
    public static boolean areChecked() {
        return POSSIBLE && System.getSecurityManager() != null;
    }

    /** The point, called with the engine's rights where that makes a difference. */
    static GuardPoint ofEngine(GuardPoint point) {
        return POSSIBLE ? new PrivilegedPoint(point) : point;
    }

    /** Runs the action with the rights of its own class. Must only be called where {@link #areChecked()}. */
    @SuppressWarnings("removal")
    public static <T extends @Nullable Object> T privileged(PrivilegedAction<T> action) {
        return AccessController.doPrivileged(action);
    }

    private static final class PrivilegedPoint extends GuardPoint {

        private final GuardPoint point;

        PrivilegedPoint(GuardPoint point) {
            this.point = point;
        }

        @Override
        public @Nullable GuardedCall enter(Object[] arguments) {
            return areChecked() ? privileged(() -> point.enter(arguments)) : point.enter(arguments);
        }
    }
}
