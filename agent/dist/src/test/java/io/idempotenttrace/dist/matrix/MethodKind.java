package io.idempotenttrace.dist.matrix;

import java.util.List;

/**
 * A kind of method of the matrix: where it is declared, with which modifiers, and what its body looks like.
 *
 * @param release the Java release from which on the source compiles
 * @param open the source between the outer class's begin and the methods
 * @param close the source after the methods
 * @param modifiers before the return type; {@code abstract} declarations follow from them where the kind needs such
 * @param parameters as declared
 * @param arguments as given by the caller, which has {@code key} and {@code payload}
 * @param receiver the expression before the method's name, with its dot
 * @param body with {@code @@RETURN} where it returns; see {@link MatrixSources}
 */
record MethodKind(
        String name,
        int release,
        String open,
        String close,
        String modifiers,
        String parameters,
        String arguments,
        String receiver,
        String body) {

    private static final String PARAMETERS = "@IdempotencyKey String key, int payload";
    private static final String ARGUMENTS = "key, payload";
    private static final String PLAIN = "Body.run(); @@RETURN";
    private static final String OUTER = "new OUTER().";
    /** All that one method may have: 254 beside the receiver. */
    private static final int MOST_PARAMETERS = 254;

    static final List<MethodKind> ALL = List.of(
            simple("PublicInstance", "public", OUTER),
            simple("ProtectedInstance", "protected", OUTER),
            simple("PackagePrivate", "", OUTER),
            simple("PrivateInstance", "private", OUTER),
            simple("FinalInstance", "public final", OUTER),
            simple("SynchronizedInstance", "public synchronized", OUTER),
            simple("StaticMethod", "public static", ""),
            simple("PrivateStatic", "private static", ""),
            simple("SynchronizedStatic", "static synchronized", ""),
            simple("StrictFloating", "public strictfp", OUTER),
            body(
                    "TryFinally",
                    "int before = Body.depth(); try { Body.run(); @@RETURN } catch (IllegalArgumentException e) { throw new"
                            + " IllegalStateException(e); } finally { before++; Body.left(before); }"),
            body(
                    "NestedTry",
                    "try { try { Body.run(); } finally { Body.left(1); } @@RETURN } catch (java.io.UncheckedIOException e) {"
                            + " Body.left(2); throw e; } catch (IllegalStateException e) { try { throw e; } finally { Body.left(3); } }"),
            body("Monitor", "synchronized (this) { synchronized (Body.LOCK) { Body.run(); @@RETURN } }"),
            body(
                    "Loops",
                    "Body.run(); for (int i = 0;; i++) { switch (payload % 3) { case 0: if (i > 2) { @@RETURN } break; case 1:"
                            + " if (i > 4) { @@RETURN } continue; default: while (i < 9) { i++; } if (i > 8) { @@RETURN } } }"),
            body(
                    "ManyLocals",
                    "long a = payload; double b = a; Object c = key; { int d = 1; String e = \"e\"; a += d + e.length(); }"
                            + " { double d = 2; long e = 3; b += d + e; } Body.run(); if (a > 0 && b > 0 && c != Body.LOCK) { @@RETURN }"
                            + " throw new AssertionError();"),
            body(
                    "LambdaInside",
                    "java.util.concurrent.Callable<@@BOXED> value = () -> { Body.run(); @@LAMBDA }; @@VALUE"),
            body(
                    "AnonymousInside",
                    "java.util.concurrent.Callable<@@BOXED> value = new java.util.concurrent.Callable<@@BOXED>() {"
                            + " public @@BOXED call() { Body.run(); @@LAMBDA } }; @@VALUE"),
            body("LongBody", MatrixSources.FILLER + " Body.run(); @@RETURN"),
            new MethodKind(
                    "Varargs",
                    8,
                    "",
                    "",
                    "public",
                    PARAMETERS + ", String... more",
                    ARGUMENTS + ", \"x\", \"y\"",
                    OUTER,
                    PLAIN),
            new MethodKind(
                    "WideParameters",
                    8,
                    "",
                    "",
                    "static",
                    "long a, double b, " + PARAMETERS
                            + ", float c, byte d, short e, char f, boolean g, long[] h, double i",
                    "1L, 2.0, " + ARGUMENTS + ", 3f, (byte) 4, (short) 5, '6', true, new long[] {7}, 8.0",
                    "",
                    PLAIN),
            new MethodKind(
                    "MostParameters",
                    8,
                    "",
                    "",
                    "",
                    PARAMETERS + mostParameters("@Unhashed int p"),
                    ARGUMENTS + mostParameters(""),
                    OUTER,
                    PLAIN),
            new MethodKind(
                    "GenericMethod",
                    8,
                    "",
                    "",
                    "public <K extends Comparable<K>>",
                    "@IdempotencyKey K key, int payload",
                    ARGUMENTS,
                    OUTER,
                    PLAIN),
            nested("InnerClass", 8, "class Inner {", "}", "", "new OUTER().new Inner()."),
            nested("StaticNested", 8, "private static class Nested {", "}", "private", "new Nested()."),
            new MethodKind(
                    "GenericClass",
                    8,
                    "static class Generic<K> {",
                    "}",
                    "public",
                    "@IdempotencyKey K key, int payload",
                    ARGUMENTS,
                    "new Generic<String>().",
                    PLAIN),
            nested(
                    "Bridged",
                    8,
                    "interface Base<K> { BRIDGED } static class Bridge implements Base<String> {",
                    "}",
                    "public",
                    "((Base<String>) new Bridge())."),
            nested(
                    "Inherited",
                    8,
                    "static class Parent {",
                    "} static class Child extends Parent { }",
                    "protected",
                    "new Child()."),
            nested(
                    "SuperCall",
                    8,
                    "static class Parent {",
                    "} static class Child extends Parent { SUPER }",
                    "",
                    "new Child()."),
            nested(
                    "AnonymousClass",
                    8,
                    "interface Shape { ABSTRACT } static final Shape SHAPE = new Shape() {",
                    "};",
                    "public",
                    "SHAPE."),
            nested("EnumMethod", 8, "enum Level { LOW, HIGH;", "}", "", "Level.HIGH."),
            nested("EnumConstant", 8, "enum Level { LOW {", "}; ABSTRACT_CLASS }", "", "Level.LOW."),
            nested("DefaultMethod", 8, "interface Sink {", "}", "default", "new Sink() { }."),
            nested("InterfaceStatic", 8, "interface Sink {", "}", "static", "Sink."),
            nested("InterfacePrivate", 9, "interface Sink {", "FORWARD }", "private", "new Sink() { }.FORWARD"),
            nested("RecordMethod", 16, "record Point(int x, long y) {", "}", "", "new Point(1, 2L)."),
            nested("RecordStatic", 16, "record Point(int x) {", "}", "static", "Point."));

    private static MethodKind simple(String name, String modifiers, String receiver) {
        return new MethodKind(name, 8, "", "", modifiers, PARAMETERS, ARGUMENTS, receiver, PLAIN);
    }

    private static MethodKind body(String name, String body) {
        return new MethodKind(name, 8, "", "", "", PARAMETERS, ARGUMENTS, OUTER, body);
    }

    private static MethodKind nested(
            String name, int release, String open, String close, String modifiers, String receiver) {
        return new MethodKind(name, release, open, close, modifiers, PARAMETERS, ARGUMENTS, receiver, PLAIN);
    }

    /** As many as the JVM allows beside the receiver, key and payload: as declared, or as given. */
    private static String mostParameters(String declaration) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < MOST_PARAMETERS - 2; i++) {
            all.append(", ").append(declaration).append(i);
        }
        return all.toString();
    }
}
