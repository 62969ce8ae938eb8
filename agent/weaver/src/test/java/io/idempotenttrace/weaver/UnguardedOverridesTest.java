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
        return lines(", which is guarded", units);
    }

    /** The beginnings of the lines, up to that text. */
    private List<String> lines(String until, String... units) {
        JavaSources compiled = JavaSources.compile(folder, units);
        for (int i = 0; i < units.length; i += 2) {
            byte[] classFile = compiled.classFile(units[i]);
            List<AnnotatedMethods.Found> annotated = AnnotatedMethod.in(compiled.loader(), classFile).stream()
                    .map(AnnotatedMethod::source)
                    .toList();
            if (annotated.isEmpty()) {
                overrides.met(classFile);
            } else {
                overrides.woven(classFile, annotated);
            }
        }
        return said.toString()
                .lines()
                .map(line -> line.substring("idempotent-trace: ".length(), line.indexOf(until)))
                .toList();
    }

    /** What is told of classes that inherit a method of an abstract class. */
    private List<String> sharing(String method, String... classes) {
        String[] units = new String[classes.length * 2 + 2];
        units[0] = "app/Handler";
        units[1] = "package app; import io.idempotenttrace.*; public abstract class Handler { " + method + " }";
        for (int i = 0; i < classes.length; i++) {
            String name = classes[i].substring(0, classes[i].indexOf(' '));
            units[i * 2 + 2] = "app/" + name;
            units[i * 2 + 3] = "package app; import io.idempotenttrace.*; public class " + classes[i];
        }
        return lines(", which share its scope 'app.Handler.handle': ", units);
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
    void anOverrideIsToldThoughAnotherMethodCallsTheGuardedOne() {
        assertEquals(
                List.of("app.Replaying.emit overrides app.Base.emit", "app.Falling.emit overrides app.Base.emit"),
                told(
                        "app/Replaying",
                        "package app; public class Replaying extends Base { Base next; public void emit(String a) { check(); }"
                                + " public void replay(String a) { next.emit(a); } private void check() { } }",
                        "app/Falling",
                        "package app; public class Falling extends Base { public void emit(String a) { }"
                                + " Runnable fallback(String a) { return () -> super.emit(a); } }"));
    }

    @Test
    void oneThatHandsOnByAMethodOfItsOwnIsNot() {
        assertEquals(
                List.of(),
                told(
                        "app/Retrying",
                        "package app; public class Retrying extends Base { Base next; public void emit(String a) { once(a); }"
                                + " private void once(String a) { Runnable call = () -> again(this, a); call.run(); }"
                                + " static void again(Retrying self, String a) { self.next.emit(a); } }",
                        "app/Referring",
                        "package app; public class Referring extends Base { Base next; public void emit(String a) {"
                                + " java.util.function.Consumer<String> call = next::emit; call.accept(a); } }",
                        "app/Inner",
                        "package app; public class Inner extends Base { public void emit(String a) {"
                                + " new Runnable() { public void run() { Inner.super.emit(a); } }.run(); } }"));
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

    private static final String HANDLE = "@IdempotentTrace public void handle(@IdempotencyKey String a) { }";

    @Test
    void twoClassesThatInheritOneScopeAreToldOnce() {
        assertEquals(
                List.of("app.Handler.handle is inherited by app.Mail and app.Charge"),
                sharing(HANDLE, "Mail extends Handler { }", "Charge extends Handler { }", "Audit extends Handler { }"));
        assertTrue(said.toString().contains("say scope = \"app.Handler.handle\" in the annotation"));
    }

    @Test
    void aFinalMethodIsInheritedToo() {
        assertEquals(
                List.of("app.Handler.handle is inherited by app.Mail and app.Charge"),
                sharing(
                        HANDLE.replace("void", "final void"),
                        "Mail extends Handler { }",
                        "Charge extends Handler { }"));
    }

    @Test
    void overloadsHaveOneLine() {
        assertEquals(
                List.of("app.Handler.handle is inherited by app.Mail and app.Charge"),
                sharing(
                        HANDLE + HANDLE.replace("String", "Long"),
                        "Mail extends Handler { }",
                        "Charge extends Handler { }"));
    }

    @Test
    void classesOfAnInterfaceAndBelowAnAbstractClassAreTold() {
        assertEquals(
                List.of("app.Listener.on is inherited by app.Stock and app.Ledger"),
                lines(
                        ", which share its scope 'app.Listener.on': ",
                        "app/Listener",
                        "package app; import io.idempotenttrace.*; public interface Listener<T> {"
                                + " @IdempotentTrace default void on(@IdempotencyKey T a) { } }",
                        "app/Stock",
                        "package app; public class Stock implements Listener<String> { }",
                        "app/Between",
                        "package app; public abstract class Between implements Listener<Long> { }",
                        "app/Ledger",
                        "package app; public class Ledger extends Between { }"));
    }

    @Test
    void anOverrideThatOnlyCallsSuperSharesTheScope() {
        assertEquals(
                List.of("app.Handler.handle is inherited by app.Mail and app.Charge"),
                sharing(
                        HANDLE,
                        "Mail extends Handler { @IdempotentTrace public void handle(@IdempotencyKey String a) { super.handle(a); } }",
                        "Charge extends Handler { @IdempotentTrace(scope = \"charge\") public void handle(@IdempotencyKey String a)"
                                + " { super.handle(a); } }"));
    }

    @Test
    void oneClassAndWhatExtendsItAndGeneratedOnesShareNothing() {
        assertEquals(
                List.of(),
                sharing(
                        HANDLE,
                        "Mail extends Handler { }",
                        "LoudMail extends Mail { }",
                        "VeryLoudMail extends LoudMail { }",
                        "Handler$$SpringCGLIB$$0 extends Handler { }",
                        "Handler$ByteBuddy$x1 extends Handler { }"));
    }

    @Test
    void classesWithAGuardOfTheirOwnShareNothing() {
        assertEquals(
                List.of(),
                sharing(
                        HANDLE,
                        "Mail extends Handler { }",
                        "Charge extends Handler { @IdempotentTrace public void handle(@IdempotencyKey String a) { toString(); } }",
                        "Tagged extends Handler { public void handle(String a) { super.handle(\"tagged:\" + a); } }"));
    }

    @Test
    void aScopeThatIsNamedIsMeant() {
        assertEquals(
                List.of(),
                sharing(
                        HANDLE.replace("@IdempotentTrace", "@IdempotentTrace(scope = \"app.Handler.handle\")"),
                        "Mail extends Handler { }",
                        "Charge extends Handler { }"));
    }

    @Test
    void whatIsNotInheritedIsNotShared() {
        assertEquals(
                List.of(),
                sharing(
                        HANDLE.replace("public", "private") + HANDLE.replace("void handle", "static void fixed"),
                        "Mail extends Handler { }",
                        "Charge extends Handler { }"));
    }

    @Test
    void aClassThatIsMetTwiceIsToldOnce() {
        told("app/Plain", "package app; public class Plain extends Base { public void emit(String a) { } }");
        overrides.met(JavaSources.compile(
                        folder,
                        "app/Base",
                        BASE,
                        "app/Plain",
                        "package app; public class Plain extends Base { public void emit(String a) { } }")
                .classFile("app/Plain"));
        assertEquals(1, said.toString().lines().count());
    }
}
