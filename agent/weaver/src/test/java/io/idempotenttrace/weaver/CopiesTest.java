package io.idempotenttrace.weaver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which of a method's copies is guarded, by the shapes that the compilers of Java, Kotlin, Groovy and Scala give them. */
class CopiesTest {

    private static final String IMPORTS = "package app; import io.idempotenttrace.*;\n";

    @TempDir
    private Path folder;

    private JavaSources compile(String name, String... classes) {
        return JavaSources.compile(folder, name, IMPORTS + String.join("\n", classes));
    }

    private Map<String, String> guarded(String name, String... classes) {
        JavaSources sources = compile(name, classes);
        return sources.guarded(name, sources.loader());
    }

    @Test
    void anOverloadThatOnlyAddsConstantsIsACopy() {
        assertEquals(
                Map.of(
                        "emit/1",
                        "copy",
                        "emit/2",
                        "copy",
                        "emit/3",
                        "app.Emitter.emit",
                        "all/1",
                        "copy",
                        "all/7",
                        "app.Emitter.all"),
                guarded("app/Emitter", """
                class Emitter {
                    static final String NONE = "none";
                    enum Level { INFO }
                    @IdempotentTrace void emit(@IdempotencyKey String key) { emit(key, NONE); }
                    @IdempotentTrace void emit(@IdempotencyKey String key, String note) { this.emit(key, note, 3L); }
                    @IdempotentTrace void emit(@IdempotencyKey String key, String note, long n) { System.out.println(key); }
                    @IdempotentTrace static Object all(int key) {
                        return all(key, null, 1.5, Level.INFO, java.util.List.of(), java.util.Objects.requireNonNull("x"), 1000);
                    }
                    @IdempotentTrace static Object all(Integer key, Object a, double b, Level c, java.util.List<?> d, Object e, int f) {
                        return new Object();
                    }
                }
                """));
    }

    @Test
    void anOverloadThatDoesMoreIsAMethodOfItsOwn() {
        assertEquals(
                Map.of(
                        "print/1",
                        "app.Emitter.print",
                        "print/2",
                        "app.Emitter.print",
                        "dropped/1",
                        "app.Emitter.dropped",
                        "dropped/2",
                        "app.Emitter.dropped",
                        "computed/1",
                        "app.Emitter.computed",
                        "computed/2",
                        "app.Emitter.computed",
                        "changing/1",
                        "app.Emitter.changing",
                        "changing/2",
                        "app.Emitter.changing"),
                guarded("app/Emitter", """
                class Emitter {
                    static int next;
                    int own;
                    @IdempotentTrace void print(@IdempotencyKey String key) { System.out.println(key); print(key, "none"); }
                    @IdempotentTrace void print(@IdempotencyKey String key, String note) { next++; }
                    @IdempotentTrace void dropped(@IdempotencyKey String key) { next++; }
                    @IdempotentTrace void dropped(@IdempotencyKey String key, String payload) { dropped(key); }
                    @IdempotentTrace void computed(@IdempotencyKey String key) { computed(key, System.nanoTime()); }
                    @IdempotentTrace void computed(@IdempotencyKey String key, long n) { next++; }
                    @IdempotentTrace void changing(@IdempotencyKey String key) { changing(key, next); }
                    @IdempotentTrace void changing(@IdempotencyKey String key, int n) { next++; }
                }
                """));
    }

    @Test
    void aMethodThatPassesAFieldOrAValueOfItsObjectIsNoCopy() {
        assertEquals(
                Map.of(
                        "field/1",
                        "app.Emitter.field",
                        "field/2",
                        "app.Emitter.field",
                        "asked/1",
                        "app.Emitter.asked",
                        "asked/2",
                        "app.Emitter.asked",
                        "twice/1",
                        "app.Emitter.twice",
                        "twice/2",
                        "app.Emitter.twice"),
                guarded("app/Emitter", """
                class Emitter {
                    String note;
                    String note() { return note; }
                    @IdempotentTrace void field(@IdempotencyKey String key) { field(key, note); }
                    @IdempotentTrace void field(@IdempotencyKey String key, String n) { note = n; }
                    @IdempotentTrace void asked(@IdempotencyKey String key) { asked(key, note()); }
                    @IdempotentTrace void asked(@IdempotencyKey String key, String n) { note = n; }
                    @IdempotentTrace void twice(@IdempotencyKey String key) { twice(key, key); }
                    @IdempotentTrace void twice(@IdempotencyKey String key, String n) { note = n; }
                }
                """));
    }

    @Test
    void aMethodOfAnotherNameOrAnotherAnnotationIsNoCopy() {
        assertEquals(
                Map.of(
                        "emit/1",
                        "app.Emitter.emit",
                        "send/1",
                        "app.Emitter.send",
                        "scoped/1",
                        "app.Emitter.scoped",
                        "scoped/2",
                        "app.Emitter.scoped",
                        "open/1",
                        "app.Emitter.open"),
                guarded("app/Emitter", """
                class Emitter {
                    @IdempotentTrace void emit(@IdempotencyKey String key) { send(key); }
                    @IdempotentTrace void send(@IdempotencyKey String key) { System.out.println(key); }
                    @IdempotentTrace(scope = "short") void scoped(@IdempotencyKey String key) { scoped(key, 1); }
                    @IdempotentTrace void scoped(@IdempotencyKey String key, int n) { System.out.println(key); }
                    @IdempotentTrace void open(@IdempotencyKey String key) { open(key, 1); }
                    void open(String key, int n) { System.out.println(key); }
                }
                """));
    }

    @Test
    void aMethodWhoseParametersSayMoreIsNoCopy() {
        assertEquals(
                Map.of(
                        "keyed/1",
                        "app.Emitter.keyed",
                        "keyed/2",
                        "app.Emitter.keyed",
                        "unhashed/2",
                        "app.Emitter.unhashed",
                        "unhashed/3",
                        "app.Emitter.unhashed",
                        "tenant/2",
                        "app.Emitter.tenant",
                        "tenant/3",
                        "app.Emitter.tenant",
                        "less/1",
                        "copy",
                        "less/2",
                        "app.Emitter.less"),
                guarded("app/Emitter", """
                class Emitter {
                    @IdempotentTrace void keyed(@IdempotencyKey String key) { keyed(key, 1); }
                    @IdempotentTrace void keyed(String key, int n) { System.out.println(key); }
                    @IdempotentTrace void unhashed(@IdempotencyKey String key, @Unhashed String at) { unhashed(key, at, 1); }
                    @IdempotentTrace void unhashed(@IdempotencyKey String key, String at, int n) { System.out.println(key); }
                    @IdempotentTrace void tenant(@TenantId String tenant, @IdempotencyKey String key) { tenant(tenant, key, 1); }
                    @IdempotentTrace void tenant(@Unhashed String tenant, @IdempotencyKey String key, int n) { System.out.println(key); }
                    @IdempotentTrace void less(String key) { less(key, 1); }
                    @IdempotentTrace void less(@IdempotencyKey String key, @Unhashed int n) { System.out.println(key); }
                }
                """));
    }

    @Test
    void kotlinsBodyOfAnOpenSuspendFunctionIsNoFunctionOfItsOwn() {
        // As Kotlin names it where a parameter's type is a value class; Java has no such names.
        assertFalse(SourceNames.same("emit-x3yz_1A$suspendImpl", "emit-x3yz_1A"));
        assertFalse(SourceNames.same("emit$suspendImpl", "emit"));
        assertTrue(SourceNames.same("emit-x3yz_1A$default", "emit-x3yz_1A"));
        assertTrue(SourceNames.same("access$emit-x3yz_1A", "emit-x3yz_1A"));
        assertTrue(SourceNames.same("emit-impl", "emit"));
    }

    @Test
    void aDecoratorIsNoCopyOfWhatItCallsThroughAField() {
        assertEquals(Map.of("emit/1", "app.Decorator.emit"), guarded("app/Decorator", """
                class Decorator implements Sink {
                    private final Sink sink;
                    Decorator(Sink sink) { this.sink = sink; }
                    @Override @IdempotentTrace public void emit(@IdempotencyKey String key) { sink.emit(key); }
                }
                interface Sink { @IdempotentTrace void emit(String key); }
                """));
    }

    @Test
    void anOverrideThatOnlyCallsTheGuardedMethodAboveItIsACopy() {
        assertEquals(Map.of("emit/1", "copy", "plain/1", "app.Derived.plain"), guarded("app/Derived", """
                class Derived extends Middle {
                    @Override @IdempotentTrace void emit(@IdempotencyKey String key) { super.emit(key); }
                    @Override @IdempotentTrace void plain(@IdempotencyKey String key) { super.plain(key); }
                }
                class Middle extends Base { }
                class Base {
                    @IdempotentTrace void emit(@IdempotencyKey String key) { System.out.println(key); }
                    void plain(String key) { System.out.println(key); }
                }
                """));
    }

    @Test
    void aBridgeIsACopy() {
        assertEquals(Map.of("emit/1", "app.Texts.emit", "bridge emit/1", "copy"), guarded("app/Texts", """
                class Texts implements Sink<String> { @Override @IdempotentTrace public void emit(@IdempotencyKey String key) { key.trim(); } }
                interface Sink<T> { void emit(T value); }
                """));
    }

    @Test
    void kotlinDefaultArguments() {
        assertEquals(
                Map.of("over/1", "copy", "over/2", "app.Emitter.over", "part/1", "copy", "part/2", "app.Emitter.part"),
                guarded("app/Emitter", """
                class Emitter {
                    @IdempotentTrace void over(@IdempotencyKey String key, String note) { System.out.println(key); }
                    static void over$default(Emitter self, String key, String note, int mask, Object marker) {
                        self.over(key, (mask & 2) != 0 ? "none" : note);
                    }
                    @IdempotentTrace void over(@IdempotencyKey String key) { over$default(this, key, null, 2, null); }
                    @IdempotentTrace static String part(@IdempotencyKey String key, int n) { return key + n; }
                    @IdempotentTrace static String part(@IdempotencyKey String key) { return Facade.part$default(key, 0, 2, null); }
                }
                class Facade {
                    static String part$default(String key, int n, int mask, Object marker) { return Emitter.part(key, n); }
                }
                """));
    }

    @Test
    void kotlinCompanions() {
        JavaSources sources = compile("app/Emitter", """
                class Emitter {
                    static final Emitter$Companion Companion = new Emitter$Companion();
                    @IdempotentTrace static String stat(@IdempotencyKey String key) { return Companion.stat(key); }
                    @IdempotentTrace private static void hidden(@IdempotencyKey String key) { Emitter$Companion.access$hidden(Companion, key); }
                }
                class Emitter$Companion {
                    @IdempotentTrace String stat(@IdempotencyKey String key) { return "r" + key; }
                    @IdempotentTrace private void hidden(@IdempotencyKey String key) { System.out.println(key); }
                    static void access$hidden(Emitter$Companion self, String key) { self.hidden(key); }
                }
                """);
        assertEquals(
                Map.of("stat/1", "copy", "hidden/1", "app.Emitter.hidden"),
                sources.guarded("app/Emitter", sources.loader()),
                "javac's accessor is not marked as synthetic here, so that it could be anybody's method");
        assertEquals(
                Map.of("stat/1", "app.Emitter$Companion.stat", "hidden/1", "app.Emitter$Companion.hidden"),
                sources.guarded("app/Emitter$Companion", sources.loader()));
    }

    @Test
    void whatCantBeReadStaysGuardedInTheScopeOfTheBody() {
        JavaSources sources = compile("app/Emitter", """
                class Emitter {
                    static final Emitter$Companion Companion = new Emitter$Companion();
                    @IdempotentTrace static String stat(@IdempotencyKey String key) { return Companion.stat(key); }
                    @IdempotentTrace static String far(@IdempotencyKey String key) { return Far.far(key); }
                }
                class Far { @IdempotentTrace static String far(@IdempotencyKey String key) { return key + key; } }
                class Emitter$Companion { @IdempotentTrace String stat(@IdempotencyKey String key) { return "r" + key; } }
                """);
        assertEquals(
                Map.of("stat/1", "app.Emitter$Companion.stat", "far/1", "app.Emitter.far"),
                sources.guarded("app/Emitter", new URLClassLoader(new URL[0], null)));
        assertEquals(Map.of("stat/1", "copy", "far/1", "copy"), sources.guarded("app/Emitter", sources.loader()));
    }

    @Test
    void kotlinInterfaceBodies() {
        JavaSources sources = compile("app/Sink", """
                interface Sink {
                    @IdempotentTrace void emit(@IdempotencyKey String key, String note);
                    @IdempotentTrace void without(@IdempotencyKey String key);
                    class DefaultImpls {
                        @IdempotentTrace public static void emit(Sink $this, @IdempotencyKey String key, String note) { note.trim(); }
                    }
                }
                class Stateless implements Sink {
                    @IdempotentTrace public void emit(@IdempotencyKey String key, String note) { Sink.DefaultImpls.emit(this, key, note); }
                    @IdempotentTrace public void without(@IdempotencyKey String key) { System.out.println(key); }
                }
                """);
        assertEquals(Map.of("emit/3", "app.Sink.emit"), sources.guarded("app/Sink$DefaultImpls", sources.loader()));
        assertEquals(
                List.of("note"),
                sources.hashedParameters("app/Sink$DefaultImpls", "emit").toList());
        assertEquals(
                Map.of("emit/2", "copy", "without/1", "app.Stateless.without"),
                sources.guarded("app/Stateless", sources.loader()));
        assertTrue(hasBodyElsewhere(sources, "app/Sink", "emit"));
        assertFalse(hasBodyElsewhere(sources, "app/Sink", "without"));
    }

    private static boolean hasBodyElsewhere(JavaSources sources, String type, String method) {
        byte[] classFile = sources.classFile(type);
        List<AnnotatedMethods.Found> annotated = AnnotatedMethods.in(classFile);
        Copies copies = new Copies(sources.loader(), classFile, annotated);
        return annotated.stream()
                .filter(found -> found.specification().methodName().equals(method))
                .allMatch(copies::hasBodyElsewhere);
    }

    @Test
    void kotlinDelegation() {
        assertEquals(
                Map.of("emit/1", "copy", "bare/1", "app.By.bare", "plain/1", "app.By.plain"), guarded("app/By", """
                class By implements Sink {
                    private final Sink $$delegate_0;
                    By(Sink sink) { $$delegate_0 = sink; }
                    @IdempotentTrace public void emit(@IdempotencyKey String key) { $$delegate_0.emit(key); }
                    @IdempotentTrace public void bare(@IdempotencyKey String key) { $$delegate_0.bare(key); }
                    @IdempotentTrace public void plain(@IdempotencyKey String key) { $$delegate_0.plain(key); }
                }
                interface Sink {
                    @IdempotentTrace default void emit(@IdempotencyKey String key) { System.out.println(key); }
                    @IdempotentTrace void bare(String key);
                    void plain(String key);
                }
                """));
    }

    @Test
    void scalaObjectsAndTraits() {
        JavaSources sources = compile("app/Obj", """
                class Obj {
                    @IdempotentTrace static String emit(String key, int n) { return Obj$.MODULE$.emit(key, n); }
                    @IdempotentTrace static void mixed(String key) { Obj$.MODULE$.mixed(key); }
                }
                final class Obj$ implements Sink {
                    static final Obj$ MODULE$ = new Obj$();
                    @IdempotentTrace String emit(@IdempotencyKey String key, int n) { return key + n; }
                    @IdempotentTrace public void mixed(@IdempotencyKey String key) { Sink.mixed$(this, key); }
                }
                interface Sink {
                    static void mixed$(Sink $this, String key) { $this.mixed(key); }
                    @IdempotentTrace default void mixed(@IdempotencyKey String key) { System.out.println(key); }
                }
                class Val {
                    final String v = "";
                    String v() { return v; }
                    @IdempotentTrace void emit(@IdempotencyKey String key) { Val$.MODULE$.emit$extension(v(), key); }
                }
                final class Val$ {
                    static final Val$ MODULE$ = new Val$();
                    @IdempotentTrace void emit$extension(String $this, @IdempotencyKey String key) { System.out.println($this); }
                }
                """);
        assertEquals(Map.of("emit/2", "copy", "mixed/1", "copy"), sources.guarded("app/Obj", sources.loader()));
        assertEquals(
                Map.of("emit/2", "app.Obj$.emit", "mixed/1", "copy"), sources.guarded("app/Obj$", sources.loader()));
        assertEquals(Map.of("emit/1", "copy"), sources.guarded("app/Val", sources.loader()));
        assertEquals(
                List.of(),
                sources.hashedParameters("app/Val$", "emit$extension").toList());
    }

    @Test
    void groovyTraitsAndDefaultArguments() {
        JavaSources sources = JavaSources.compile(
                folder,
                "groovy/transform/Generated",
                "package groovy.transform; public @interface Generated { }",
                "org/codehaus/groovy/transform/trait/Traits",
                "package org.codehaus.groovy.transform.trait; public class Traits { public @interface TraitBridge { Class<?> traitClass(); } }",
                "app/Sink",
                IMPORTS + """
                import groovy.transform.Generated;
                import org.codehaus.groovy.transform.trait.Traits;
                interface Sink { @IdempotentTrace void emit(@IdempotencyKey String key, int n); }
                class Sink$Trait$Helper {
                    @IdempotentTrace static void emit(Sink $self, @IdempotencyKey String key, int n) { System.out.println(key); }
                    @IdempotentTrace static void stat(Class<?> $static$self, @IdempotencyKey String key) { System.out.println(key); }
                }
                class SinkA implements Sink {
                    @Traits.TraitBridge(traitClass = Sink.class)
                    @IdempotentTrace public void emit(@IdempotencyKey String key, int n) {
                        if (Thread.interrupted()) { throw new IllegalStateException(); }
                        Sink$Trait$Helper.emit(this, key, n);
                    }
                    @IdempotentTrace void dyn(@IdempotencyKey String key, Object note, Object n) { System.out.println(key); }
                    @Generated @IdempotentTrace void dyn(@IdempotencyKey String key) { dyn(key, key + "x", System.nanoTime()); }
                    @Generated @IdempotentTrace void dyn(@IdempotencyKey String key, Object note) { dyn(key, note, hashCode()); }
                    @IdempotentTrace String memo(@IdempotencyKey String key) { return key + memoizedMethodPriv$memoString(key); }
                    @Generated @IdempotentTrace String memoizedMethodPriv$memoString(@IdempotencyKey String key) { return key + 1; }
                }
                """);
        assertEquals(
                Map.of(
                        "emit/2",
                        "copy",
                        "dyn/1",
                        "copy",
                        "dyn/2",
                        "copy",
                        "dyn/3",
                        "app.SinkA.dyn",
                        "memo/1",
                        "app.SinkA.memo",
                        "memoizedMethodPriv$memoString/1",
                        "copy"),
                sources.guarded("app/SinkA", sources.loader()));
        assertEquals(
                Map.of("emit/3", "app.Sink.emit", "stat/2", "app.Sink.stat"),
                sources.guarded("app/Sink$Trait$Helper", sources.loader()));
        assertEquals(
                List.of("n"),
                sources.hashedParameters("app/Sink$Trait$Helper", "emit").toList());
        assertEquals(
                List.of(),
                sources.hashedParameters("app/Sink$Trait$Helper", "stat").toList());
        assertEquals(
                "app.Sink.emit",
                sources.guarded("app/SinkA", new URLClassLoader(new URL[0], null))
                        .get("emit/2"));
    }
}
