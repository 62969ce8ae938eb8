package io.idempotenttrace.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JmxRegistrationTest {

    private static final String SERVER_CLASS = "com/sun/jmx/mbeanserver/JmxMBeanServer";

    private final List<Runnable> started = new ArrayList<>();
    private boolean canStart;
    private int attempts;
    private final JmxRegistration registration = new JmxRegistration(null, this::start);

    private void start(Runnable work) {
        attempts++;
        if (!canStart) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        started.add(work);
    }

    @Test
    void nothingIsStartedBeforeTheServersClassIsThere() {
        registration.classLoaded("java/lang/String");
        registration.classLoaded(null);
        assertEquals(0, attempts);
    }

    @Test
    void aThreadThatCantBeStartedIsTriedAgainWithTheNextClass() {
        registration.classLoaded(SERVER_CLASS);
        registration.classLoaded("java/lang/String");
        assertEquals(2, attempts);
        canStart = true;
        registration.classLoaded("java/lang/Integer");
        registration.classLoaded("java/lang/Long");
        assertEquals(List.of(registration), started);
    }
}
