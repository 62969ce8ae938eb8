package io.idempotenttrace.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URL;
import java.net.URLClassLoader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TelemetryClassesTest {

    private static final String METRICS = "io/micrometer/core/instrument/Metrics";

    private final ClassLoader one = new URLClassLoader(new URL[0]);
    private final ClassLoader other = new URLClassLoader(new URL[0]);

    @BeforeEach
    void forget() {
        TelemetryClasses.begin();
    }

    @Test
    void aClassIsNotedWithItsLoader() {
        int before = TelemetryClasses.changes();
        TelemetryClasses.classLoaded(one, METRICS);
        assertEquals(before + 1, TelemetryClasses.changes());
        assertTrue(TelemetryClasses.isLoaded(TelemetryClasses.MICROMETER));
        assertTrue(TelemetryClasses.isLoadedBy(one, TelemetryClasses.MICROMETER));
        assertFalse(TelemetryClasses.isLoadedBy(other, TelemetryClasses.MICROMETER));
        assertFalse(TelemetryClasses.isLoadedBy(null, TelemetryClasses.MICROMETER));
        assertFalse(TelemetryClasses.isLoadedBy(one, TelemetryClasses.CALL_VERDICTS));
    }

    @Test
    void theBootLoaderIsTakenForNoOther() {
        TelemetryClasses.classLoaded(null, "jdk/jfr/internal/PlatformRecorder");
        assertTrue(TelemetryClasses.isLoadedBy(null, TelemetryClasses.FLIGHT_RECORDER));
        assertFalse(TelemetryClasses.isLoadedBy(one, TelemetryClasses.FLIGHT_RECORDER));
    }

    @Test
    void otherClassesAreNotNoted() {
        int before = TelemetryClasses.changes();
        TelemetryClasses.classLoaded(one, "io/micrometer/core/instrument/MetricsX");
        TelemetryClasses.classLoaded(one, null);
        TelemetryClasses.classesLoaded(new Class<?>[] {String.class, int[].class, TelemetryClassesTest.class});
        assertEquals(before, TelemetryClasses.changes());
    }

    @Test
    void applicationsThatComeAndGoDoNotFillIt() {
        for (int i = 0; i < 1500; i++) {
            TelemetryClasses.classLoaded(one, METRICS);
        }
        int full = TelemetryClasses.changes();
        TelemetryClasses.classLoaded(one, METRICS);
        assertEquals(full, TelemetryClasses.changes());
        assertTrue(TelemetryClasses.isLoadedBy(one, TelemetryClasses.MICROMETER));
    }
}
