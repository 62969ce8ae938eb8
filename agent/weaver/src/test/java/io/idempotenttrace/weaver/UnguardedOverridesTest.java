package io.idempotenttrace.weaver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.core.guard.GuardLog;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Overrides of guarded methods that are not annotated themselves, met by their class files. */
class UnguardedOverridesTest {

    private static final String BASE = "package app; import io.idempotenttrace.*; public class Base {"
            + " @IdempotentTrace public void emit(String a) { } @IdempotentTrace public final void last(String a) { }"
            + " @IdempotentTrace private void hidden(String a) { } @IdempotentTrace public Object value() { return null; } }";

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final UnguardedOverrides overrides = new UnguardedOverrides(new GuardLog(new PrintStream(said, true), 1));

    /** What is told of the classes in the order in which they load. */
    private List<String> told(String... sources) {
        String[] units = new String[sources.length + 2];
        units[0] = "app/Base";
        units[1] = BASE;
        System.arraycopy(sources, 0, units, 2, sources.length);
        JavaSources compiled = JavaSources.compile(folder, units);
        byte[] base = compiled.classFile("app/Base");
        overrides.woven(base, AnnotatedMethods.in(base));
        for (int i = 0; i < sources.length; i += 2) {
            byte[] classFile = compiled.classFile(sources[i]);
            List<AnnotatedMethods.Found> annotated = AnnotatedMethods.in(classFile);
            if (annotated.isEmpty()) {
                overrides.met(sources[i], classFile);
            } else {
                overrides.woven(classFile, annotated);
            }
        }
        return said.toString()
                .lines()
                .map(line -> line.substring("idempotent-trace: ".length(), line.indexOf(", which is guarded")))
                .toList();
    }

    @Test
    void anOverrideWithoutAnnotationIsTold() {
        assertEquals(
                List.of("app.Plain.emit overrides app.Base.emit"),
                told("app/Plain", "package app; public class Plain extends Base { public void emit(String a) { } }"));
        assertTrue(said.toString().contains("Annotate it with @IdempotentTrace"));
    }

    @Test
    void anAnnotatedOverrideAndAnOverloadAreNot() {
        assertEquals(
                List.of(),
                told(
                        "app/Fine",
                        "package app; import io.idempotenttrace.*; public class Fine extends Base {"
                                + " @IdempotentTrace public void emit(String a) { } public void emit(int a) { } public void hidden(String a) { } }"));
    }

    @Test
    void oneThatHandsOnIsNot() {
        assertEquals(
                List.of(),
                told(
                        "app/Decorator",
                        "package app; public class Decorator extends Base { public void emit(String a) { super.emit(a + a); } }"));
    }

    @Test
    void aSubclassOfASubclassIsTold() {
        assertEquals(
                List.of("app.Deep.emit overrides app.Base.emit"),
                told(
                        "app/Between", "package app; public class Between extends Base { }",
                        "app/Deep",
                                "package app; public class Deep extends Between { public void emit(String a) { } }"));
    }

    @Test
    void anOverrideThatReturnsASubclassIsTold() {
        assertEquals(
                List.of("app.Narrow.value overrides app.Base.value"),
                told(
                        "app/Narrow",
                        "package app; public class Narrow extends Base { public String value() { return \"\"; } }"));
    }

    @Test
    void aProxyOfAGeneratorIsNot() {
        assertEquals(
                List.of(),
                told(
                        "app/Base$$EnhancerBySpringCGLIB",
                        "package app; public class Base$$EnhancerBySpringCGLIB extends Base { public void emit(String a) { } }"));
    }

    @Test
    void aClassThatIsMetTwiceIsToldOnce() {
        told("app/Plain", "package app; public class Plain extends Base { public void emit(String a) { } }");
        overrides.met(
                "app/Plain",
                JavaSources.compile(
                                folder,
                                "app/Base",
                                BASE,
                                "app/Plain",
                                "package app; public class Plain extends Base { public void emit(String a) { } }")
                        .classFile("app/Plain"));
        assertEquals(1, said.toString().lines().count());
    }
}
