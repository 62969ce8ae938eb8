package io.idempotenttrace.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Classes whose methods can't call the bridge: a body that is to be refused does not run. */
class StandInTest {

    private static final String HIDDEN = "its class loader does not delegate to its parents";

    /** Is changed and loaded anew. */
    @SuppressWarnings("unused")
    static final class Emitter {

        static int bodies;

        @IdempotentTrace(onStoreFailure = io.idempotenttrace.OnStoreFailure.THROW)
        static long refused(@IdempotencyKey String key, long number) {
            for (int i = 0; i < 1; i++) {
                bodies++;
            }
            return number;
        }

        @IdempotentTrace
        static int proceeds(@IdempotencyKey String key) {
            return ++bodies;
        }
    }

    private record Policy(boolean enforces) implements StandIn.Policy {

        @Override
        public boolean refuses(String className, String methodName, String scope, String onStoreFailure) {
            return onStoreFailure.equals("THROW");
        }
    }

    private static byte[] classFile(Class<?> type, int version) throws IOException {
        try (InputStream in =
                type.getResourceAsStream(type.getName().substring(type.getName().lastIndexOf('.') + 1) + ".class")) {
            byte[] classFile = in.readAllBytes();
            if (version != 0) {
                classFile[7] = (byte) version;
            }
            return classFile;
        }
    }

    private static Class<?> load(byte[] classFile) {
        return new ClassLoader(StandInTest.class.getClassLoader()) {
            Class<?> define() {
                return defineClass(Emitter.class.getName(), classFile, 0, classFile.length);
            }
        }.define();
    }

    private static void assertRefused(StandIn.Changed changed) throws ReflectiveOperationException {
        assertEquals(1, changed.replaced());
        assertEquals(1, changed.left());
        Class<?> type = load(changed.classFile());
        Method refused = type.getDeclaredMethod("refused", String.class, long.class);
        refused.setAccessible(true);
        Throwable thrown = assertThrows(InvocationTargetException.class, () -> refused.invoke(null, "k", 1L))
                .getCause();
        assertEquals(IllegalStateException.class, thrown.getClass());
        assertEquals(
                Emitter.class.getName()
                        + " is not woven, and can't be later. The body did not run (on-store-failure=throw)",
                thrown.getMessage());
        Method proceeds = type.getDeclaredMethod("proceeds", String.class);
        proceeds.setAccessible(true);
        assertEquals(1, proceeds.invoke(null, "k"));
    }

    @Test
    void whereTheBridgeIsHiddenTheBodyIsReplacedByARefusal() throws Exception {
        StandIn.Changed changed = StandIn.write(classFile(Emitter.class, 0), new Policy(true), HIDDEN);
        assertEquals(HIDDEN, changed.obstacle());
        assertRefused(changed);
    }

    /** Class files before Java 5 can't load a class as a constant: the call of the bridge would not verify. */
    @ParameterizedTest
    @ValueSource(ints = {45, 46, 47, 48})
    void soItIsInAnOldClassFile(int version) throws Exception {
        StandIn.Changed changed = StandIn.write(classFile(Emitter.class, version), new Policy(true), null);
        assertTrue(changed.obstacle().contains("older than Java 5"), changed::obstacle);
        assertRefused(changed);
    }

    @Test
    void otherwiseTheBridgeIsCalled() throws Exception {
        StandIn.Changed changed = StandIn.write(classFile(Emitter.class, 0), new Policy(true), null);
        assertNull(changed.obstacle());
        assertEquals(0, changed.replaced() + changed.left());
        load(changed.classFile());
    }

    @Test
    void nothingIsRefusedThatIsOnlyObserved() throws Exception {
        StandIn.Changed changed = StandIn.write(classFile(Emitter.class, 0), new Policy(false), HIDDEN);
        assertEquals(0, changed.replaced());
        assertEquals(2, changed.left());
    }

    @Test
    void aClassWithoutAnnotatedMethodsStaysAsItIs() throws Exception {
        assertNull(StandIn.write(classFile(StandInTest.class, 0), new Policy(true), HIDDEN));
    }
}
