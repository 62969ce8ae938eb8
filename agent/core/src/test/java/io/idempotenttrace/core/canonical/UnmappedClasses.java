package io.idempotenttrace.core.canonical;

import java.lang.StackWalker.StackFrame;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Lets each test under PIT begin in a process that has not mapped any class yet.
 *
 * <p>How a class is mapped is found out once and kept with the class. PIT runs all tests of one class's mutants in one process, and
 * its plugin for JUnit runs each test once more before that, only to learn which tests there are. The code that finds the mapping
 * would run in the first of these runs alone: it would seem that no test covers it, or a test would meet what an earlier mutant
 * has found. So this extension forgets before each test what is kept with any class, and does not run the bodies of tests
 * while the plugin looks for them.
 *
 * <p>JUnit finds it as a service where {@code junit.jupiter.extensions.autodetection.enabled} is set, as only PIT's profile does.
 */
public final class UnmappedClasses implements BeforeEachCallback, InvocationInterceptor {

    private static final String FINDER = "org.pitest.junit5.JUnit5TestUnitFinder";
    /** Learns in one go which tests there are and what they cover. */
    private static final String COVERAGE = "org.pitest.coverage.execute.CoverageMinion";

    private static final List<Class<?>> KEEPERS =
            List.of(LibraryMethods.class, StateFields.class, TypedMapping.class, ValueMapping.class);

    private final Instrumentation jvm = instrumentation();
    private final List<ClassValue<?>> kept = kept();

    /** PIT's own, which it has no accessor for. */
    private static Instrumentation instrumentation() {
        try {
            Field field = Class.forName("org.pitest.boot.HotSwapAgent").getDeclaredField("instrumentation");
            field.setAccessible(true);
            return (Instrumentation) field.get(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("This extension works under PIT alone", e);
        }
    }

    private static List<ClassValue<?>> kept() {
        List<ClassValue<?>> kept = new ArrayList<>();
        try {
            for (Class<?> keeper : KEEPERS) {
                for (Field field : keeper.getDeclaredFields()) {
                    if (field.getType() == ClassValue.class) {
                        field.setAccessible(true);
                        kept.add((ClassValue<?>) field.get(null));
                    }
                }
            }
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
        return kept;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        for (Class<?> type : jvm.getAllLoadedClasses()) {
            for (ClassValue<?> values : kept) {
                values.remove(type);
            }
        }
    }

    @Override
    public void interceptTestMethod(
            Invocation<Void> body, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        runUnlessSought(body);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> body, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        runUnlessSought(body);
    }

    @Override
    public void interceptDynamicTest(Invocation<Void> body, DynamicTestInvocationContext test, ExtensionContext context)
            throws Throwable {
        runUnlessSought(body);
    }

    private static void runUnlessSought(Invocation<Void> body) throws Throwable {
        Set<String> callers = StackWalker.getInstance()
                .walk(frames -> frames.map(StackFrame::getClassName).collect(Collectors.toSet()));
        if (callers.contains(FINDER) && !callers.contains(COVERAGE)) {
            body.skip();
        } else {
            body.proceed();
        }
    }
}
