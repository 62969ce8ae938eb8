package io.idempotenttrace.dist.matrix;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Writes the Java sources of the matrix: a class for each kind of method, with a method for each return type and set of
 * policies, and the switch by which the driver calls them.
 */
final class MatrixSources {

    /** Stands in a body for more code than a jump of two bytes can cross. */
    static final String FILLER = "FILLER";

    private static final int FILLER_STATEMENTS = 70;
    private static final int FILLER_LEVELS = 6;

    private static final String IMPORTS =
            "package matrix;\n\nimport io.idempotenttrace.*;\nimport io.idempotenttrace.dist.app.MatrixCases;\n"
                    + "import io.idempotenttrace.dist.app.MatrixCases.Body;\n\n";

    private static final String VALUES = """
            package matrix;

            public final class Values {

                public enum Color { RED, GREEN { @Override public String toString() { return "green"; } } }

                public static class Bean {
                    private String name;
                    private long count;
                    private Bean next;
                    public String getName() { return name; }
                    public void setName(String name) { this.name = name; }
                    public long getCount() { return count; }
                    public void setCount(long count) { this.count = count; }
                    public Bean getNext() { return next; }
                    public void setNext(Bean next) { this.next = next; }
                    @Override public boolean equals(Object other) {
                        return other instanceof Bean && toString().equals(other.toString());
                    }
                    @Override public int hashCode() { return name.hashCode(); }
                    @Override public String toString() { return name + count + next; }
                }

                public static Bean bean(int payload) {
                    Bean bean = new Bean();
                    bean.setName("bean " + payload);
                    bean.setCount(Long.MAX_VALUE - payload);
                    if (payload < 3) {
                        bean.setNext(bean(payload + 3));
                    }
                    return bean;
                }
            }
            """;

    private static final String MODERN = """
            package matrix;

            import java.util.List;

            public final class Modern {

                record Line(String item, double price) { }
                record Order(String id, List<Line> lines) { }
                record Pair<A, B>(A first, B second) { }
                sealed interface Shape permits Circle, Group, Unit { }
                record Circle(int radius) implements Shape { }
                record Group<S extends Shape>(List<? extends Shape> shapes) implements Shape { }
                enum Unit implements Shape { POINT }
            }
            """;

    private MatrixSources() {}

    /**
     * Writes what compiles for the release.
     *
     * @param share each {@code share}-th cell of kind and return type is written, with all policies; 1 for all cells. Each kind and each
     *         return type is in any such share.
     * @return how many methods are annotated
     */
    static int write(Path folder, int release, int share) {
        List<ReturnType> types = ReturnType.ALL.stream()
                .filter(type -> type.release() <= release)
                .toList();
        List<MethodKind> kinds = MethodKind.ALL.stream()
                .filter(kind -> kind.release() <= release)
                .toList();
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("Values.java"), VALUES);
            if (release >= 17) {
                Files.writeString(folder.resolve("Modern.java"), MODERN);
            }
            List<String> names = new ArrayList<>();
            int methods = 0;
            for (int k = 0; k < kinds.size(); k++) {
                MethodKind kind = kinds.get(k);
                int offset = k;
                List<ReturnType> some = IntStream.range(0, types.size())
                        .filter(t -> (offset + t) % share == 0)
                        .mapToObj(types::get)
                        .toList();
                names.add("new " + kind.name() + "()");
                Files.writeString(folder.resolve(kind.name() + ".java"), source(kind, some));
                methods += some.size() * MethodPolicy.values().length;
            }
            Files.writeString(
                    folder.resolve("Matrix.java"),
                    IMPORTS + "public final class Matrix {\n    public static MatrixCases[] all() {\n"
                            + "        return new MatrixCases[] {" + String.join(", ", names) + "};\n    }\n}\n");
            return methods;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String source(MethodKind kind, List<ReturnType> types) {
        StringBuilder methods = new StringBuilder();
        StringBuilder declarations = new StringBuilder();
        StringBuilder forwards = new StringBuilder();
        StringBuilder supers = new StringBuilder();
        StringBuilder calls = new StringBuilder();
        StringBuilder callers = new StringBuilder();
        StringBuilder values = new StringBuilder();
        StringBuilder labels = new StringBuilder();
        int index = 0;
        for (ReturnType type : types) {
            for (MethodPolicy policy : MethodPolicy.values()) {
                String name = "m" + index;
                String signature = type.type() + " " + name + "(";
                String plain = kind.parameters().replace("@IdempotencyKey ", "");
                methods.append("    ")
                        .append(policy.annotation)
                        .append(type.traceId() ? " @TraceId " : " ")
                        .append(kind.modifiers())
                        .append(' ')
                        .append(signature)
                        .append(kind.parameters())
                        .append(") {\n        ")
                        .append(body(kind, type))
                        .append("\n    }\n");
                declarations.append(signature).append(plain).append("); ");
                forwards.append("default ")
                        .append(type.type())
                        .append(" forward")
                        .append(name)
                        .append('(')
                        .append(plain)
                        .append(") { ")
                        .append(type.isVoid() ? "" : "return ")
                        .append(name)
                        .append('(')
                        .append(kind.arguments())
                        .append("); }\n");
                // The same key and scope on both levels: the inner call is a part of the outer one.
                supers.append(
                                policy.annotation.endsWith(")")
                                        ? policy.annotation.replace("(", "(scope = \"super\", ")
                                        : policy.annotation + "(scope = \"super\")")
                        .append(type.traceId() ? " @TraceId " : " ")
                        .append("@Override ")
                        .append(signature)
                        .append(kind.parameters())
                        .append(") { ")
                        .append(type.isVoid() ? "" : "return ")
                        .append("super.")
                        .append(name)
                        .append('(')
                        .append(kind.arguments())
                        .append("); }\n");
                String receiver = kind.receiver().endsWith("FORWARD")
                        ? kind.receiver().replace("FORWARD", "forward")
                        : kind.receiver();
                String call = receiver.replace("OUTER", kind.name()) + name + "(" + kind.arguments() + ")";
                calls.append("            case ")
                        .append(index)
                        .append(": return call")
                        .append(index)
                        .append("(key, payload);\n");
                callers.append("    private static Object call")
                        .append(index)
                        .append("(String key, int payload) { ")
                        .append(type.isVoid() ? call + "; return null;" : "return " + call + ";")
                        .append(" }\n");
                values.append("            case ")
                        .append(index)
                        .append(": ")
                        .append(
                                type.isVoid()
                                        ? "return null;"
                                        : "{ " + type.type() + " value = " + type.value() + "; return value; }")
                        .append('\n');
                labels.append("            case ")
                        .append(index)
                        .append(": return \"")
                        .append(kind.name())
                        .append('/')
                        .append(policy)
                        .append('/')
                        .append(type.traceId() ? "@TraceId " : "")
                        .append(type.type())
                        .append("\";\n");
                index++;
            }
        }
        boolean superCall = kind.name().equals("SuperCall");
        String annotated = superCall
                ? methods.toString()
                        .replace("@IdempotentTrace(", "@IdempotentTrace(scope = \"super\", ")
                        .replace("@IdempotentTrace ", "@IdempotentTrace(scope = \"super\") ")
                : methods.toString();
        return IMPORTS + "public class " + kind.name() + " implements MatrixCases {\n"
                + expand(kind.open(), declarations, forwards, supers) + "\n" + annotated
                + expand(kind.close(), declarations, forwards, supers) + "\n"
                + callers + "    @Override\n    public int count() {\n        return " + index + ";\n    }\n"
                + "    @Override\n    public Object call(int n, String key, int payload) {\n        switch (n) {\n"
                + calls
                + "            default: throw new AssertionError();\n        }\n    }\n"
                + "    @Override\n    public Object value(int n, int payload) {\n        switch (n) {\n" + values
                + "            default: throw new AssertionError();\n        }\n    }\n"
                + "    @Override\n    public String label(int n) {\n        switch (n) {\n" + labels
                + "            default: throw new AssertionError();\n        }\n    }\n}\n";
    }

    private static String expand(
            String text, StringBuilder declarations, StringBuilder forwards, StringBuilder supers) {
        String declared = declarations.toString();
        return text.replace("BRIDGED", declared.replace("String key", "K key"))
                .replace("ABSTRACT_CLASS", declared.replaceAll("(?<=^|; )(?=\\S)", "abstract "))
                .replace("ABSTRACT", declared)
                .replace("FORWARD", forwards)
                .replace("SUPER", supers);
    }

    private static String body(MethodKind kind, ReturnType type) {
        String returning = type.isVoid() ? "return;" : "return " + type.value() + ";";
        String inLambda = type.isVoid() ? "return null;" : "return " + type.value() + ";";
        String value = "try { " + (type.isVoid() ? "value.call(); return;" : "return value.call();")
                + " } catch (RuntimeException e) { throw e; } catch (Exception e) { throw new AssertionError(e); }";
        return kind.body()
                .replace(FILLER, filler())
                .replace("@@BOXED", type.boxed())
                .replace("@@LAMBDA", inLambda)
                .replace("@@VALUE", value)
                .replace("@@RETURN", returning);
    }

    /** About 36 KB of code inside a loop, so that jumps need more than two bytes: javac writes each finally block twice. */
    private static String filler() {
        return "int x = payload; for (int i = 0; i < 2; i++) { if (x == 77) { continue; } "
                + "try { x++; } finally { ".repeat(FILLER_LEVELS) + "x=x*31+7;".repeat(FILLER_STATEMENTS)
                + " }".repeat(FILLER_LEVELS) + " }";
    }
}
