package io.idempotenttrace.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class JmxRegistrationTest {

    private static final String SERVER_CLASS = "com/sun/jmx/mbeanserver/JmxMBeanServer";

    private boolean canStart;
    private int attempts;

    private final JmxRegistration registration = new JmxRegistration(null) {
        @Override
        void startThread() {
            attempts++;
            if (!canStart) {
                throw new OutOfMemoryError("unable to create native thread");
            }
        }
    };

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
        assertEquals(3, attempts);
    }
}
