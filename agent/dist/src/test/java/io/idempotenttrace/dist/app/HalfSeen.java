package io.idempotenttrace.dist.app;

import io.idempotenttrace.IdempotentTrace;

/** Emits two different objects of each kind of which the agent sees a part only, and tells how many bodies ran. */
public final class HalfSeen {

    /** An identifier by getter, the rest by fluent accessors. */
    public static final class Span {

        private final String service;
        private final String name;

        Span(String service, String name) {
            this.service = service;
            this.name = name;
        }

        public String getService() {
            return service;
        }

        public String name() {
            return name;
        }
    }

    public static class PackagePrivate {

        private final int id;
        private final int value;

        PackagePrivate(int id, int value) {
            this.id = id;
            this.value = value;
        }

        public int getId() {
            return id;
        }

        int getValue() {
            return value;
        }
    }

    /** A flag that is named as a field. */
    public static class Text {

        private final String string;

        Text(String string) {
            this.string = string;
        }

        public boolean isString() {
            return true;
        }

        public String text() {
            return string;
        }
    }

    public static class Blob {

        private final byte[] bytes;

        Blob(byte[] bytes) {
            this.bytes = bytes;
        }

        public int getLength() {
            return bytes.length;
        }
    }

    private static int bodies;

    private HalfSeen() {}

    @IdempotentTrace
    static void span(Span span) {
        bodies++;
    }

    @IdempotentTrace
    static void packagePrivate(PackagePrivate object) {
        bodies++;
    }

    @IdempotentTrace
    static void text(Text text) {
        bodies++;
    }

    @IdempotentTrace
    static void blob(Blob blob) {
        bodies++;
    }

    public static void main(String[] arguments) {
        for (int delivery = 0; delivery < 2; delivery++) {
            span(new Span("svc", "login"));
            span(new Span("svc", "logout"));
            packagePrivate(new PackagePrivate(1, 1));
            packagePrivate(new PackagePrivate(1, 2));
            text(new Text("a"));
            text(new Text("b"));
            blob(new Blob(new byte[] {1}));
            blob(new Blob(new byte[] {2}));
            System.out.println(bodies);
        }
    }
}
