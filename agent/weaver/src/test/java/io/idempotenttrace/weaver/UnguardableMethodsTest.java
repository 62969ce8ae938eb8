package io.idempotenttrace.weaver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.core.guard.CallCounters.Ending;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** [P26, P27] A method that can't be guarded is no way around the policy: its calls are refused, or its bodies are counted. */
class UnguardableMethodsTest {

    private static final List<String> METHODS =
            List.of("wrongTtl", "wrongLease", "wrongKey", "wrongExclude", "wrongTraceId");

    private final AtomicInteger bodies = new AtomicInteger();

    private void call(WovenProgram program, String method) {
        program.call(method, "k", (Runnable) bodies::incrementAndGet);
    }

    @Test
    void bodiesOfMethodsWithAWrongAnnotationAreCounted() {
        WovenProgram program = new WovenProgram(MistakenPrograms.class);
        for (String method : METHODS) {
            call(program, method);
            call(program, method);
        }
        assertEquals(2 * METHODS.size(), bodies.get());
        assertEquals(2 * METHODS.size(), program.count(Ending.UNGUARDED), program::counts);
    }

    @Test
    void whereThePolicyIsToRefuseNoneOfThemRuns() {
        WovenProgram program = new WovenProgram(MistakenPrograms.class, "on-store-failure", "throw");
        for (String method : METHODS) {
            IdempotencyStoreException refused =
                    assertThrows(IdempotencyStoreException.class, () -> call(program, method));
            assertTrue(
                    refused.getMessage()
                            .matches(".*\\." + method + " can't be guarded: .*\\(on-store-failure=throw\\)"),
                    refused::getMessage);
        }
        assertEquals(0, bodies.get());
        assertEquals(METHODS.size(), program.count(Ending.FAILED), program::counts);
    }

    @Test
    void aPointerThatIsNoneIsAMissingKeyAndAPayloadThatCantBeHashed() {
        WovenProgram program = new WovenProgram(MistakenPrograms.class, "on-missing-key", "throw");
        IdempotencyStoreException refused =
                assertThrows(IdempotencyStoreException.class, () -> call(program, "wrongKey"));
        assertTrue(refused.getMessage().endsWith("(on-missing-key=throw)"), refused::getMessage);
        WovenProgram other = new WovenProgram(MistakenPrograms.class, "on-unhashable", "throw");
        refused = assertThrows(IdempotencyStoreException.class, () -> call(other, "wrongExclude"));
        assertTrue(refused.getMessage().endsWith("(on-unhashable=throw)"), refused::getMessage);
        call(program, "wrongTtl");
        assertEquals(1, bodies.get());
    }

    /** Methods into which no guard can be written. Loaded by a loader that shows the annotations, or does not. */
    private static final class Refusing extends ClassLoader {

        private final UnaryOperator<java.net.URL> shows;

        Refusing(UnaryOperator<java.net.URL> shows) {
            super(UnguardableMethodsTest.class.getClassLoader());
            this.shows = shows;
        }

        @Override
        public java.net.URL getResource(String name) {
            return shows.apply(super.getResource(name));
        }

        Method load(String method) throws IOException {
            String name = MistakenPrograms.class.getName();
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] classFile = in.readAllBytes();
                AnnotatedMethods.Found found = AnnotatedMethods.in(classFile).stream()
                        .filter(each -> each.specification().methodName().equals(method))
                        .findFirst()
                        .orElseThrow();
                byte[] refusing = RefusedBodies.write(
                        classFile, Map.of(method + found.specification().descriptor(), method + " is refused"), this);
                Class<?> type = defineClass(name, refusing, 0, refusing.length);
                for (Method each : type.getDeclaredMethods()) {
                    if (each.getName().equals(method)) {
                        assertEquals(1, each.getParameterAnnotations()[1].length, "annotations stay");
                        each.setAccessible(true);
                        return each;
                    }
                }
                throw new AssertionError("no " + method);
            }
        }
    }

    private Throwable thrownBy(Method method) {
        return assertThrows(
                        InvocationTargetException.class,
                        () -> method.invoke(null, "k", (Runnable) bodies::incrementAndGet))
                .getCause();
    }

    /** It may throw anything where it should say that there is no such class. */
    @Test
    void aLoaderThatThrowsHidesTheBridge() {
        ClassLoader throwing = new ClassLoader(null) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) {
                throw new SecurityException(name + " is not allowed");
            }

            @Override
            public String toString() {
                throw new IllegalStateException("no name");
            }
        };
        assertFalse(BridgeView.isIn(throwing));
        assertTrue(BridgeView.isIn(UnguardableMethodsTest.class.getClassLoader()));
        assertEquals(throwing.getClass().getName(), BridgeView.name(throwing));
    }

    @Test
    void whereNoGuardCanBeWrittenTheBodyIsReplacedByTheRefusal() throws IOException {
        for (String method : List.of("wrongTtl", "wrongTraceId")) {
            Throwable refused = thrownBy(new Refusing(found -> found).load(method));
            assertEquals(IdempotencyStoreException.class, refused.getClass());
            assertEquals(method + " is refused", refused.getMessage());
            assertEquals(
                    IllegalStateException.class,
                    thrownBy(new Refusing(found -> null).load(method)).getClass());
            UnaryOperator<java.net.URL> throwing = found -> {
                throw new SecurityException("no resource is shown");
            };
            assertEquals(
                    IllegalStateException.class,
                    thrownBy(new Refusing(throwing).load(method)).getClass());
        }
        assertEquals(0, bodies.get());
    }
}
