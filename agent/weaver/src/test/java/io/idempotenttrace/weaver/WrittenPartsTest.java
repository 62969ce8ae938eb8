package io.idempotenttrace.weaver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** To write a result calls no getter whose value nobody would read back. */
class WrittenPartsTest {

    /** The getters that were called. */
    private static final List<String> CALLED = new ArrayList<>();

    interface Resource {
        String getName();
    }

    /** As Spring's of a file: its constructor takes a text, and one of its getters opens the file. */
    static class FileResource implements Resource {
        private final String path;

        public FileResource(String path) {
            this.path = path;
        }

        @Override
        public String getName() {
            CALLED.add("name");
            return path;
        }

        public InputStream getInputStream() {
            CALLED.add("inputStream");
            return new ByteArrayInputStream(new byte[0]);
        }
    }

    /** One can be made of it, and yet its stream is more than a field. */
    static class Document {
        public String path = "a";

        public String getTitle() {
            CALLED.add("title");
            return path;
        }

        public void setTitle(String title) {
            path = title;
        }

        public InputStream getContent() {
            CALLED.add("content");
            return new ByteArrayInputStream(new byte[0]);
        }
    }

    /** An object of it can be made where it is not declared as the interface. */
    static class Named implements Resource {
        private String name = "a";

        @Override
        public String getName() {
            CALLED.add("name");
            return name;
        }

        public void setName(String name) {
            this.name = name;
        }
    }

    /** As the query of Jakarta Persistence. */
    static class Query {
        int runs;

        public List<String> getResultList() {
            CALLED.add("resultList");
            runs++;
            return List.of("row");
        }
    }

    static class WithoutConstructor {
        private final int number;

        WithoutConstructor(int number, int other) {
            this.number = number + other;
        }

        public int getNumber() {
            CALLED.add("number");
            return number;
        }
    }

    static class Holding {
        public String text = "a";
        public Object part;
        public InputStream stream;

        Holding with(Object value) {
            part = value;
            return this;
        }
    }

    record Order(String id, InputStream body) {
        public int getLines() {
            CALLED.add("lines");
            return 1;
        }
    }

    static class Text {
        private final String value;

        Text(String value) {
            this.value = value;
        }

        @JsonCreator
        static Text of(String value) {
            return new Text(value);
        }

        @JsonValue
        String value() {
            return value;
        }
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.EXISTING_PROPERTY, property = "kind")
    @JsonSubTypes(@JsonSubTypes.Type(value = Circle.class, name = "circle"))
    interface Shape {
        String getKind();
    }

    static class Circle implements Shape {
        public int radius = 3;

        @Override
        public String getKind() {
            return "circle";
        }
    }

    /** Says nothing of its classes: those who hold one do. */
    interface Figure {
        String getKind();
    }

    static class Disc implements Figure {
        public int radius = 3;

        @Override
        public String getKind() {
            return "disc";
        }
    }

    static class OfFigures {
        @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.EXISTING_PROPERTY, property = "kind")
        @JsonSubTypes(@JsonSubTypes.Type(value = Disc.class, name = "disc"))
        public Figure figure = new Disc();

        @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.EXISTING_PROPERTY, property = "kind")
        @JsonSubTypes(@JsonSubTypes.Type(value = Disc.class, name = "disc"))
        public List<Figure> others = List.of(new Disc());

        @JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
        @JsonSubTypes({@JsonSubTypes.Type(Sized.class), @JsonSubTypes.Type(Weighed.class)})
        public Object deduced = new Sized();

        private Object set = new Weighed();

        @JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
        @JsonSubTypes({@JsonSubTypes.Type(Sized.class), @JsonSubTypes.Type(Weighed.class)})
        public Object getSet() {
            return set;
        }

        public void setSet(Object set) {
            this.set = set;
        }
    }

    static class Sized {
        public int number = 1;

        public String getSize() {
            return "s";
        }
    }

    static class Weighed {
        public int number = 2;

        public String getWeight() {
            return "w";
        }
    }

    /** The class that tells it is behind a part that is written before. */
    static class AroundFigures {
        public Disc first = new Disc();
        public OfFigures more = new OfFigures();
    }

    static class Open {
        private final Map<String, Object> more = new HashMap<>();

        public Object getColour() {
            return more.get("colour");
        }

        @JsonAnySetter
        void set(String name, Object value) {
            more.put(name, value);
        }
    }

    static class Around {
        @JsonUnwrapped
        public WithTotal inner = new WithTotal();
    }

    static class WithTotal {
        public int count = 2;

        public int getTotal() {
            return count * 2;
        }
    }

    /** Each object of it is one more in the list of those that are open. */
    static class Session {
        static final List<Session> OPEN = new ArrayList<>();
        private String id;

        Session() {
            OPEN.add(this);
        }

        public String getId() {
            CALLED.add("id");
            return id;
        }

        public void setId(String id) {
            this.id = id;
        }
    }

    /** The declared types of results. */
    @SuppressWarnings("unused")
    static final class Results {
        Resource resource;
        FileResource fileResource;
        List<Resource> resources;
        Map<String, Optional<Resource>> resourcesByName;
        Document document;
        WithoutConstructor withoutConstructor;
        Holding holding;
        Order order;
        Query query;
        Object object;
        Map<String, Object> objects;
        Text text;
        Shape shape;
        OfFigures ofFigures;
        AroundFigures aroundFigures;
        Open open;
        Around around;
        WithTotal withTotal;
        Session session;
        List<Session> sessions;
        Map<String, Holding> holdings;
        URLConnection connection;
        HttpURLConnection httpConnection;
    }

    @BeforeEach
    void none() {
        CALLED.clear();
    }

    private static ResultJson json(String field) throws NoSuchFieldException {
        return new ResultJson(Results.class.getDeclaredField(field).getGenericType(), Results.class, /* part= */ false);
    }

    private static String written(ResultJson json, Object value) {
        ResultBytes bytes = new ResultBytes(100_000);
        json.write(value, bytes);
        return bytes.text();
    }

    static Stream<Arguments> whatCannotComeBack() throws Exception {
        // Nothing listens there, and nothing is to connect.
        URLConnection connection = new URL("http://127.0.0.1:9/").openConnection();
        return Stream.of(
                Arguments.of("resource", new FileResource("a")),
                Arguments.of("resource", new Named()),
                Arguments.of("resource", new Document() {}),
                Arguments.of("fileResource", new FileResource("a")),
                Arguments.of("resources", List.of(new Named())),
                Arguments.of("resourcesByName", Map.of("a", Optional.of(new Named()))),
                Arguments.of("document", new Document()),
                Arguments.of("withoutConstructor", new WithoutConstructor(1, 2)),
                Arguments.of("holding", new Holding().with(new FileResource("a"))),
                Arguments.of("holding", new Holding().with(connection)),
                Arguments.of("object", new Named()),
                Arguments.of("objects", Map.of("a", List.of(new Named()))),
                Arguments.of("connection", connection),
                Arguments.of("httpConnection", connection));
    }

    @ParameterizedTest
    @MethodSource("whatCannotComeBack")
    void noGetterIsCalledOfWhatCannotComeBack(String declared, Object value) throws Exception {
        ResultJson json = json(declared);
        for (int i = 0; i < 2; i++) {
            assertThrows(RuntimeException.class, () -> written(json, value));
        }
        assertEquals(List.of(), CALLED);
    }

    @Test
    void noObjectIsMadeWhereMakingOneIsWork() {
        Session session = new Session();
        int before = Session.OPEN.size();
        assertThrows(RuntimeException.class, () -> written(json("session"), session));
        assertThrows(RuntimeException.class, () -> written(json("sessions"), List.of(session)));
        assertThrows(RuntimeException.class, () -> written(json("holdings"), Map.of("a", new Holding().with(session))));
        assertEquals(before, Session.OPEN.size());
        assertEquals(List.of(), CALLED);
    }

    static Stream<Arguments> whatComesBack() {
        return Stream.of(
                Arguments.of("query", new Query()),
                Arguments.of("order", new Order("a", null)),
                Arguments.of("holding", new Holding()),
                Arguments.of("resource", null),
                Arguments.of("resources", List.of()),
                Arguments.of("text", new Text("a")),
                Arguments.of("shape", new Circle()),
                Arguments.of("around", new Around()),
                Arguments.of("withTotal", new WithTotal()),
                Arguments.of("objects", Map.of("a", List.of(1, "x"))));
    }

    @ParameterizedTest
    @MethodSource("whatComesBack")
    void whatComesBackIsStoredWithoutThoseGetters(String declared, Object value) throws Exception {
        ResultJson json = json(declared);
        assertNotNull(written(json, value));
        assertEquals(List.of(), CALLED);
    }

    @Test
    void whatTheTypeInformationOfAMemberNamesIsWritten() throws Exception {
        ResultJson json = json("ofFigures");
        OfFigures back = (OfFigures) json.read(written(json, new OfFigures()));
        assertEquals("disc", back.figure.getKind());
        assertEquals("disc", back.others.get(0).getKind());
        assertNotNull(written(json("aroundFigures"), new AroundFigures()));
    }

    @Test
    void aSetterOfAnyMemberTakesWhatAGetterGives() throws Exception {
        ResultJson json = json("open");
        Open open = new Open();
        open.set("colour", "red");
        assertEquals("red", ((Open) json.read(written(json, open))).getColour());
    }
}
