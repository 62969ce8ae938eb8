package io.idempotenttrace.core.canonical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.FloatValue;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A pointer to a null is a match, one to nothing is none. */
class PointerMissTest {

    record Span(String traceId, String parent) {}

    public static final class Bean {

        @JsonInclude(JsonInclude.Include.NON_NULL)
        public String getTraceId() {
            return null;
        }

        @JsonAnyGetter
        public Map<String, Object> more() {
            return Collections.singletonMap("more", null);
        }
    }

    private static void matches(boolean expected, String pointer, Object root) {
        assertNull(Pointer.parse(pointer).textAt(root), pointer);
        assertEquals(expected, Pointer.parse(pointer).matches(root), pointer + " in " + root);
        assertEquals(expected, Pointer.parse(pointer).describeMiss(root) == null, pointer + " in " + root);
    }

    @Test
    void aNullThatIsThereIsNoMiss() {
        Map<Object, Object> map = new TreeMap<>(Collections.singletonMap("a", null));
        matches(true, "", null);
        matches(false, "/a", null);
        matches(true, "/a", map);
        matches(false, "/b", map);
        matches(false, "/a/b", map);
        matches(true, "/7", Collections.singletonMap(7, null));
        matches(true, "/parent", new Span("t", null));
        matches(false, "/Parent", new Span("t", null));
        matches(true, "/traceId", new Bean());
        matches(true, "/more", new Bean());
        matches(false, "/less", new Bean());
        matches(true, "/1", Arrays.asList(1, null));
        matches(false, "/2", Arrays.asList(1, null));
        matches(false, "/01", Arrays.asList(1, null));
        matches(true, "/0", new Object[1]);
        matches(false, "/1", new Object[1]);
        matches(false, "/0", Set.of(1));
        matches(false, "/length", "text");
        matches(false, "/x", 5L);
        matches(false, "/x", Optional.empty());
        matches(true, "/parent", Optional.of(new Span("t", null)));
        matches(true, "", Optional.empty());
        matches(true, "/k", new AbstractMap.SimpleEntry<>("k", null));
        matches(true, "/n", JsonNodeFactory.instance.objectNode().putNull("n"));
        matches(false, "/m", JsonNodeFactory.instance.objectNode().putNull("n"));
        matches(false, "/n/m", JsonNodeFactory.instance.objectNode().putNull("n"));
        // Not set, but declared.
        matches(true, "/defaultValue", FieldDescriptorProto.getDefaultInstance());
        matches(false, "/default_values", FieldDescriptorProto.getDefaultInstance());
        matches(false, "/x", FloatValue.of(1));
    }

    @Test
    void aMissTellsWhatIsThereAndTheNearestName() {
        assertEquals(
                "'/traceID' matches nothing: it, a " + Span.class.getName()
                        + ", has /parent, /traceId; did you mean '/traceId'?",
                Pointer.parse("/traceID").describeMiss(new Span("t", null)));
        assertEquals(
                "'/a/trace-id' matches nothing: '/a', a " + Span.class.getName()
                        + ", has /a/parent, /a/traceId; did you mean '/a/traceId'?",
                Pointer.parse("/a/trace-id").describeMiss(Map.of("a", new Span("t", null))));
        assertEquals(
                "'/id' matches nothing: it, a " + Span.class.getName() + ", has /parent, /traceId",
                Pointer.parse("/id").describeMiss(new Span("t", null)));
        assertEquals(
                "'/a/b' matches nothing: '/a' is null",
                Pointer.parse("/a/b").describeMiss(Collections.singletonMap("a", null)));
        assertEquals(
                "'/x' matches nothing: it, a java.lang.String, has no members",
                Pointer.parse("/x").describeMiss("secret"));
    }

    @Test
    void aMapOfManyNamesMakesNoEndlessLine() {
        Map<String, Integer> many = new TreeMap<>();
        IntStream.range(0, 1000).forEach(i -> many.put("n".repeat(200) + i, i));
        String miss = Pointer.parse("/traceId").describeMiss(many);
        assertTrue(miss.length() < 2000 && miss.endsWith(" and 980 more"), miss);
        assertFalse(Pointer.parse("/a").describeMiss(Map.of("line\nbreak", 1)).contains("\n"));
    }

    @Test
    void aListThatTellsNoElementHasNone() {
        List<Object> elements = new ArrayList<>(List.of(1));
        matches(false, "/1", elements);
        matches(false, "/first", elements);
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
    record Typed(String id) {}

    static final class Batch extends ArrayList<String> {

        private static final long serialVersionUID = 1;
        private final String tenant;

        Batch(String tenant, List<String> elements) {
            super(elements);
            this.tenant = tenant;
        }

        public String getTenant() {
            return tenant;
        }
    }

    @Test
    void theIdOfATypeIsThere() {
        matches(true, "/id", new Typed(null));
        matches(false, "/ID", new Typed(null));
        assertTrue(Pointer.parse("/type").matches(new Typed(null)));
        assertEquals(
                "'/typ' matches nothing: it, a " + Typed.class.getName() + ", has /id, /type; did you mean '/type'?",
                Pointer.parse("/typ").describeMiss(new Typed("1")));
    }

    @Test
    void elementsAreThereBesideWhatAListHasOfItsOwn() {
        Batch batch = new Batch(null, Arrays.asList("a", null));
        matches(true, "/tenant", batch);
        matches(true, "/1", batch);
        matches(false, "/2", batch);
        matches(false, "/owner", batch);
        assertEquals("a", Pointer.parse("/0").textAt(batch));
        String miss = Pointer.parse("/tenants").describeMiss(batch);
        assertTrue(miss.contains("/tenant") && miss.contains("/elements"), miss);
    }
}
