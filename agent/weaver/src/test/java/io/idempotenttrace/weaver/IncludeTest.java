package io.idempotenttrace.weaver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.idempotenttrace.IdempotentTrace;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** How {@code include} comes from the annotation to the first call. */
class IncludeTest {

    static class Emitter {

        @IdempotentTrace(
                include = {"/id", "/items/*"},
                exclude = "/items/*/at")
        void some(Object span) {}

        /** As each class that was compiled against annotations which had no such member. */
        @IdempotentTrace
        void all(Object span) {}

        @IdempotentTrace(include = "id")
        void wrong(Object span) {}

        @IdempotentTrace(include = "")
        void whole(Object span) {}
    }

    private static Map<String, AnnotatedMethods.Found> methods() throws IOException {
        try (InputStream in =
                Emitter.class.getResourceAsStream("/" + Emitter.class.getName().replace('.', '/') + ".class")) {
            return AnnotatedMethods.in(in.readAllBytes()).stream()
                    .collect(Collectors.toMap(found -> found.specification().methodName(), found -> found));
        }
    }

    @Test
    void itIsReadAndTravelsAsText() throws IOException {
        MethodSpecification some = methods().get("some").specification();
        assertEquals(List.of("/id", "/items/*"), some.include());
        assertEquals(List.of("/items/*/at"), some.exclude());
        assertEquals(some, MethodSpecification.parse(some.toText()));
        MethodSpecification all = methods().get("all").specification();
        assertEquals(List.of(), all.include());
        assertEquals(all, MethodSpecification.parse(all.toText()));
        assertFalse(some.isGuardedAs(all));
    }

    @Test
    void whatIsNoPointerToAPlaceIsNamedWhenTheMethodIsWoven() throws IOException {
        assertNull(WeavingRules.obstacle(methods().get("some")));
        assertNull(WeavingRules.obstacle(methods().get("all")));
        String wrong = WeavingRules.obstacle(methods().get("wrong")).message();
        assertNotNull(wrong);
        assertTrue(wrong.contains("'id' is no JSON Pointer"), wrong);
        String whole = WeavingRules.obstacle(methods().get("whole")).message();
        assertNotNull(whole);
        assertTrue(whole.contains("include \"\" names the whole document"), whole);
    }
}
