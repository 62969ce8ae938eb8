package io.idempotenttrace.core.canonical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Declared types show the document that their values become, and what of it can't be hashed. */
class PayloadOutlineTest {

    private static final Map<String, Object> LINE = Map.of("sku", "String", "count", "int");

    public record Line(String sku, int count) {}

    public record Order(
            UUID id,
            List<Line> lines,
            Line[] spare,
            Map<String, Line> bySku,
            Set<? extends Line> offers,
            Optional<Line> gift,
            AtomicReference<Instant> paid,
            ArrayDeque<Line> next,
            byte[] seal,
            Map.Entry<String, Line> pair,
            Object note) {}

    public record Page<T>(T first, List<T> all, Map<String, ? super T> more) {}

    public static class Pages extends Page2<Line> {}

    public static class Page2<T> {

        public T getFirst() {
            return null;
        }

        public T[] getAll() {
            return null;
        }
    }

    public static final class Lines extends java.util.ArrayList<Line> {

        private static final long serialVersionUID = 1;
    }

    public record Tree(String name, List<Tree> children) {}

    interface Shape {

        String getName();
    }

    interface Open {}

    public static final class Loose {

        public String getId() {
            return "1";
        }

        @JsonAnyGetter
        public Map<String, Object> more() {
            return Map.of();
        }
    }

    public static final class Half {

        private final String shown;
        private final String hidden;

        Half(String shown, String hidden) {
            this.shown = shown;
            this.hidden = hidden;
        }

        public String getShown() {
            return shown;
        }

        String hidden() {
            return hidden;
        }
    }

    public static final class HalfList extends java.util.AbstractList<String> {

        private final List<String> elements = List.of();
        private String tenant = "t";

        void tenant(String other) {
            tenant = other;
        }

        String tenant() {
            return tenant;
        }

        @Override
        public String get(int index) {
            return elements.get(index);
        }

        @Override
        public int size() {
            return elements.size();
        }
    }

    public record Declared(
            Page<Line> page,
            Map<Line, String> byLine,
            Map<Shape, String> byShape,
            Map<byte[], String> byBytes,
            Map<int[], String> byNumbers,
            Map<Runnable, String> byCode,
            Stream<String> stream,
            Runnable task,
            Open open,
            Half half,
            HalfList halfList,
            List<Half> halves) {}

    private static Type typeOf(String component) throws NoSuchFieldException {
        return Declared.class.getDeclaredField(component).getGenericType();
    }

    private static PayloadOutline outline(String... exclude) {
        return new PayloadOutline(Exclusions.parse(exclude), UnseenFieldPolicies.DEFAULT);
    }

    @Test
    void membersHaveTheTypesThatTheirPropertiesDeclare() {
        Map<String, Object> expected = new LinkedHashMap<>();
        expected.put("id", "UUID");
        expected.put("lines", List.of(LINE));
        expected.put("spare", List.of(LINE));
        expected.put("bySku", Map.of("*", LINE));
        expected.put("offers", List.of(LINE));
        expected.put("gift", LINE);
        expected.put("paid", "Instant");
        expected.put("next", List.of(LINE));
        expected.put("seal", "byte[]");
        expected.put("pair", "Map.Entry");
        expected.put("note", "any");
        PayloadOutline outline = outline();
        assertEquals(expected, outline.ofParameter("order", Order.class));
        assertEquals(List.of(), outline.refusals());
        assertTrue(outline.leaves().contains(new PayloadOutline.Leaf("/bySku/*/count", "count", int.class)));
        assertTrue(outline.leaves().contains(new PayloadOutline.Leaf("/note", "note", Object.class)));
    }

    @Test
    void aTypeParameterIsWhatItStandsFor() throws NoSuchFieldException {
        Map<String, Object> page = Map.of("first", LINE, "all", List.of(LINE));
        assertEquals(page, outline().ofParameter("pages", Pages.class));
        assertEquals(
                Map.of("first", LINE, "all", List.of(LINE), "more", Map.of("*", "any")),
                outline().ofParameter("page", typeOf("page")));
        assertEquals(List.of(LINE), outline().ofParameter("lines", Lines.class));
        assertEquals("any", outline().ofParameter("t", Page.class.getTypeParameters()[0]));
    }

    @Test
    void aTypeInsideItselfIsItsName() {
        assertEquals(
                Map.of("name", "String", "children", List.of(Tree.class.getName())),
                outline().ofParameter("tree", Tree.class));
    }

    @Test
    void membersThatTheTypeDoesNotTellAreAStar() {
        assertEquals(Map.of("name", "String", "*", "any"), outline().ofParameter("shape", Shape.class));
        assertEquals(Map.of("id", "String", "*", "any"), outline().ofParameter("loose", Loose.class));
        PayloadOutline open = outline();
        assertEquals(Open.class.getName(), open.ofParameter("open", Open.class));
        assertEquals(List.of(), open.refusals(), "an object of it may have what can be hashed");
    }

    @Test
    void whatIsLeftOutOfTheDocumentIsLeftOutOfTheOutline() {
        Map<String, Type> parameters = new LinkedHashMap<>();
        parameters.put("line", Line.class);
        parameters.put("retry", int.class);
        assertEquals(Map.of("line", LINE, "retry", "int"), outline().ofParameters(parameters));
        PayloadOutline outline = outline("/retry", "/line/count");
        assertEquals(Map.of("line", Map.of("sku", "String")), outline.ofParameters(parameters));
        assertEquals(List.of(new PayloadOutline.Leaf("/line/sku", "sku", String.class)), outline.leaves());
        // An element by its position is not the type's: the others keep theirs.
        assertEquals(
                Map.of("name", "String", "children", List.of(Tree.class.getName())),
                outline("/children/0").ofParameter("tree", Tree.class));
    }

    private static void refused(String pointer, boolean unseen, String reason, String component, String... exclude)
            throws NoSuchFieldException {
        PayloadOutline outline = outline(exclude);
        outline.ofParameters(Map.of(component, typeOf(component)));
        assertEquals(1, outline.refusals().size(), () -> component + ": " + outline.refusals());
        PayloadOutline.Refusal refusal = outline.refusals().get(0);
        assertEquals(pointer, refusal.pointer());
        assertEquals(unseen, refusal.unseen(), component);
        assertTrue(refusal.reason().contains(reason), refusal.reason());
    }

    private static void taken(UnseenFieldPolicy policy, String component, String... exclude)
            throws NoSuchFieldException {
        PayloadOutline outline =
                new PayloadOutline(Exclusions.parse(exclude), new UnseenFieldPolicies(policy, Map.of()));
        outline.ofParameters(Map.of(component, typeOf(component)));
        assertEquals(List.of(), outline.refusals(), component);
    }

    @Test
    void whatNoObjectOfTheTypeCanBeHashedOfIsRefused() throws NoSuchFieldException {
        refused("/stream", /* unseen= */ false, "Stream has no payload", "stream");
        refused("/task", /* unseen= */ false, "A duplicate does not call it", "task");
        refused("/byLine", /* unseen= */ false, "a map key of type " + Line.class.getName(), "byLine");
        refused("/byNumbers", /* unseen= */ false, "a map key of type [I", "byNumbers");
        refused("/byCode", /* unseen= */ false, "a map key of type java.lang.Runnable", "byCode");
        taken(UnseenFieldPolicy.REFUSE, "byShape");
    }

    @Test
    void fieldsThatNoPropertyShowsAreRefusedWhereTheirPolicyIsToRefuseThem() throws NoSuchFieldException {
        refused("/half", /* unseen= */ true, "field 'hidden'", "half");
        refused("/halves/*", /* unseen= */ true, "field 'hidden'", "halves");
        refused("/halfList", /* unseen= */ true, "field 'tenant'", "halfList");
        refused("/half", /* unseen= */ true, "field 'hidden'", "half", "/half/shown");
        for (String component : List.of("half", "halves", "halfList")) {
            taken(UnseenFieldPolicy.HASH, component);
        }
        taken(UnseenFieldPolicy.REFUSE, "half", "/half/hidden");
    }

    @Test
    void aTypeOfTheJdkHasItsNameWithoutThePackage() {
        assertEquals("Map.Entry", PayloadOutline.name(Map.Entry.class));
        assertEquals("String[][]", PayloadOutline.name(String[][].class));
        assertEquals(Line.class.getName() + "[]", PayloadOutline.name(Line[].class));
    }
}
