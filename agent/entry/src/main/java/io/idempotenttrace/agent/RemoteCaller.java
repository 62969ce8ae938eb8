package io.idempotenttrace.agent;

import io.idempotenttrace.config.Printable;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.security.AccessController;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import javax.security.auth.Subject;
import org.jspecify.annotations.Nullable;

/** Who calls an operation of the MBean, as far as the JVM tells. */
final class RemoteCaller {

    private RemoteCaller() {}

    /**
     * The principals that JMX has authenticated, and the thread, whose name has the address of the other side where the call came over
     * RMI.
     */
    static String describe() {
        List<String> names = new ArrayList<>();
        try {
            Subject subject = subject();
            if (subject != null) {
                for (Principal principal : subject.getPrincipals()) {
                    names.add(Printable.text(principal.getName()));
                }
            }
        } catch (Throwable untold) {
            // The switch itself must not fail for it.
        }
        return (names.isEmpty() ? "nobody who has logged in" : String.join(", ", names)) + ", on thread '"
                + Printable.text(Thread.currentThread().getName()) + "'";
    }

    /** {@code Subject.current()} since Java 18; before, the one of the access control context. */
    private static @Nullable Subject subject() throws Throwable {
        MethodHandle current;
        try {
            current = MethodHandles.publicLookup()
                    .findStatic(Subject.class, "current", MethodType.methodType(Subject.class));
        } catch (NoSuchMethodException java17) {
            return ofContext();
        }
        return (Subject) current.invoke();
    }

    @SuppressWarnings({"removal", "deprecation"})
    private static @Nullable Subject ofContext() {
        return Subject.getSubject(AccessController.getContext());
    }
}
