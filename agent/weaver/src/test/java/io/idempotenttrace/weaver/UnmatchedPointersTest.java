package io.idempotenttrace.weaver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import io.idempotenttrace.TenantId;
import io.idempotenttrace.TraceId;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is told of pointers when a class is woven; what is left open is not told. */
class UnmatchedPointersTest {

    record Span(String traceId, String id, Inner inner, List<String> tags, byte[] body, int[] counts) {}

    record Inner(long number, Object any) {}

    enum Colour {
        RED
    }

    static class Bean {

        private String name;
        private boolean open;
        private String url;
        public int shown;

        public String getName() {
            return name;
        }

        public boolean isOpen() {
            return open;
        }

        public String getURL() {
            return url;
        }

        public String url() {
            return url;
        }
    }

    static class SubBean extends Bean {

        private transient int counted;

        public int getComputed() {
            return counted;
        }
    }

    /** Shows a part of itself: what it is hashed by is not known here. */
    static class Half {

        private String hidden;
        private int id;

        public int getId() {
            return id + hidden.length();
        }
    }

    static class Renamed {

        @JsonProperty("trace_id")
        private String traceId;

        public String getTraceId() {
            return traceId;
        }
    }

    static class Event {}

    interface Open {}

    abstract static class Base {

        private int id;

        public int getId() {
            return id;
        }
    }

    abstract static class Methods {

        @IdempotentTrace
        void wrong01(@IdempotencyKey({"/traceID", "/id"}) Span span) {}

        @IdempotentTrace
        void wrong02(@IdempotencyKey("/inner/nothing") Span span) {}

        @IdempotentTrace
        void wrong03(@IdempotencyKey("/traceId/x") Span span) {}

        @IdempotentTrace
        void wrong04(@TenantId("/name") @IdempotencyKey("/tags/first") Span span) {}

        @IdempotentTrace
        void wrong05(@TraceId("/x") String text, @IdempotencyKey("/y") long number) {}

        @IdempotentTrace
        void wrong06(@IdempotencyKey("/0") Set<String> set) {}

        @IdempotentTrace
        void wrong07(@IdempotencyKey("/0/traceID") Span[] spans) {}

        @IdempotentTrace
        void wrong08(@IdempotencyKey("/naem") SubBean bean) {}

        @IdempotentTrace
        void wrong09(@IdempotencyKey("/name") Colour colour) {}

        @IdempotentTrace
        void wrong10(@IdempotencyKey("/inner|json/x") Span span, @IdempotencyKey("/inner/number|json/x") Span other) {}

        @IdempotentTrace
        void wrong11(@IdempotencyKey("/body/0") Span span, @IdempotencyKey("/counts/x") Span other) {}

        @IdempotentTrace(include = {"/id", "/traceID", "/inner/nothing", "/tags/first"})
        void wrong12(Span span, @IdempotencyKey String key) {}

        @IdempotentTrace(
                include = {"/span/id", "/spann/id", "/number/x", "/span/traceId|json/x", "/span/inner/number|json/x"})
        void wrong13(Span span, long number) {}

        @IdempotentTrace(
                include = {"/id", "/inner/*/x", "/tags/0", "/tags/*/x", "/body|json/x", "/body|json", "/inner/any", "/*"
                },
                exclude = "/nothing")
        void right2(Span span) {}

        @IdempotentTrace(include = {"/*/id", "/map/x", "/span"})
        void right3(Span span, Map<String, String> map) {}

        @IdempotentTrace
        void right(
                @IdempotencyKey({
                            "/traceId",
                            "/id",
                            "/inner/number",
                            "/inner/any/x/y",
                            "/tags/0",
                            "/body|json/x",
                            "/counts/3"
                        })
                        Span span,
                @IdempotencyKey({"/name", "/open", "/URL", "/url", "/shown", "/computed", "/counted"}) SubBean bean,
                @IdempotencyKey("/hidden") Half half,
                @IdempotencyKey("/other") Half other,
                @IdempotencyKey("/trace_id") Renamed renamed,
                @IdempotencyKey("/id") Event event,
                @IdempotencyKey("/id") Open open,
                @IdempotencyKey("/no") Base base,
                @IdempotencyKey("/x") Object object,
                @IdempotencyKey("/x") Map<String, String> map,
                @IdempotencyKey("/0/x") List<Span> list,
                @IdempotencyKey("|json/x") String text,
                @IdempotencyKey("|json/x") byte[] bytes,
                @IdempotencyKey("/x") Iterable<String> many,
                @IdempotencyKey("/x") tools.jackson.databind.node.ObjectNode tree,
                @IdempotencyKey String whole,
                @TenantId("/x") java.util.Optional<Span> optional,
                @TraceId("/x") Exception failure) {}
    }

    private static Map<String, List<String>> problems() throws IOException {
        byte[] classFile;
        try (InputStream in =
                Methods.class.getResourceAsStream("/" + Methods.class.getName().replace('.', '/') + ".class")) {
            classFile = in.readAllBytes();
        }
        UnmatchedPointers pointers = new UnmatchedPointers(Methods.class.getClassLoader(), classFile);
        return AnnotatedMethods.in(classFile).stream()
                .map(AnnotatedMethods.Found::specification)
                .collect(Collectors.toMap(
                        MethodSpecification::methodName, method -> pointers.problems(method, method.include())));
    }

    @Test
    void whatCantMatchIsTold() throws IOException {
        Map<String, List<String>> problems = problems();
        String prefix = UnmatchedPointersTest.class.getName() + "$";
        assertEquals(
                List.of(
                        "has the pointer '/traceID' in @IdempotencyKey of parameter 'span', which matches nothing in its type: "
                                + prefix
                                + "Span has /body, /counts, /id, /inner, /tags, /traceId; did you mean '/traceId'? Mend it, else its calls are without key"
                                + " (on-missing-key)"),
                problems.get("wrong01"));
        assertTrue(
                problems.get("wrong02").get(0).contains(prefix + "Inner has /inner/any, /inner/number"),
                problems.toString());
        assertTrue(problems.get("wrong03").get(0).contains("java.lang.String has no members"), problems.toString());
        assertTrue(
                problems.get("wrong04").get(0).contains("'first' is no index of a java.util.List"),
                problems.toString());
        assertTrue(
                problems.get("wrong04").get(1).contains("@TenantId")
                        && problems.get("wrong04").get(1).contains("configured tenant"),
                problems.toString());
        assertEquals(2, problems.get("wrong05").size());
        assertTrue(problems.get("wrong06").get(0).contains("no index"), problems.toString());
        assertTrue(problems.get("wrong07").get(0).contains("did you mean '/0/traceId'?"), problems.toString());
        assertTrue(problems.get("wrong08").get(0).contains("did you mean '/name'?"), problems.toString());
        assertTrue(problems.get("wrong09").get(0).contains("is an enum"), problems.toString());
        assertEquals(2, problems.get("wrong10").size(), problems.toString());
        assertEquals(2, problems.get("wrong11").size(), problems.toString());
        assertEquals(
                List.of(
                        "has the pointer '/traceID' in include, which matches nothing in its payload: " + prefix
                                + "Span has /body, /counts, /id, /inner, /tags, /traceId; did you mean '/traceId'? Mend it, else nothing is"
                                + " hashed for it",
                        "has the pointer '/inner/nothing' in include, which matches nothing in its payload: " + prefix
                                + "Inner has /inner/any, /inner/number. Mend it, else nothing is hashed for it",
                        "has the pointer '/tags/first' in include, which matches nothing in its payload: 'first' is no index of a"
                                + " java.util.List. Mend it, else nothing is hashed for it"),
                problems.get("wrong12"));
        assertEquals(3, problems.get("wrong13").size(), problems.toString());
        assertTrue(
                problems.get("wrong13").get(0).contains("'/spann/id'")
                        && problems.get("wrong13").get(0).contains("the parameters span, number"),
                problems.toString());
        assertTrue(problems.get("wrong13").get(1).contains("'/number/x'"), problems.toString());
        assertTrue(problems.get("wrong13").get(2).contains("'/span/inner/number|json/x'"), problems.toString());
        assertEquals(List.of(), problems.get("right"));
        assertEquals(List.of(), problems.get("right2"));
        assertEquals(List.of(), problems.get("right3"));
    }
}
