package io.idempotenttrace.payloads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eclipsesource.json.Json;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.gson.JsonParser;
import io.idempotenttrace.core.canonical.CanonicalForm;
import io.idempotenttrace.core.canonical.Exclusions;
import io.idempotenttrace.core.canonical.JsonReader;
import io.idempotenttrace.core.canonical.PayloadHasher;
import io.idempotenttrace.core.canonical.UnhashableException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Trees of every JSON library: equal JSON hashes alike, whichever library holds it. */
class JsonLibrariesTest {

    private static final String DOCUMENT =
            "{\"traceId\":\"t1\",\"n\":1,\"d\":1.0,\"e\":1.5e3,\"big\":123456789012345678901234567890,"
                    + "\"list\":[1,null,true,\"x\",{\"a\":[]}],\"nothing\":null,\"no\":false,\"text\":\"\\u00e9\"}";

    private static final String[] NUMBERS = {
        "0",
        "-1",
        "9223372036854775807",
        "12345678901234567890",
        "0.0",
        "1.0",
        "1.10",
        "100.0",
        "1E2",
        "1.5e3",
        "0e5",
        "0.00",
        "2e23",
        "1e16",
        "1e-7",
        "0.1000000000000000055511151231257827",
        "12345678901234567.89",
        "100000000000000000000.0"
    };

    enum Library {
        ORG_JSON {
            @Override
            Object read(String json) {
                return new org.json.JSONObject(json);
            }
        },
        JETTISON {
            @Override
            Object read(String json) throws Exception {
                return new org.codehaus.jettison.json.JSONObject(json);
            }
        },
        GSON {
            @Override
            Object read(String json) {
                return JsonParser.parseString(json);
            }
        },
        JAKARTA_JSON {
            @Override
            Object read(String json) {
                return jakarta.json.Json.createReader(new StringReader(json)).readObject();
            }
        },
        JAVAX_JSON {
            @Override
            Object read(String json) {
                return javax.json.Json.createReader(new StringReader(json)).readObject();
            }
        },
        MINIMAL_JSON {
            @Override
            Object read(String json) {
                return Json.parse(json);
            }
        },
        KOTLINX_SERIALIZATION {
            @Override
            Object read(String json) {
                return kotlinx.serialization.json.Json.Default.parseToJsonElement(json);
            }
        },
        JACKSON {
            @Override
            Object read(String json) throws Exception {
                return new ObjectMapper().readTree(json);
            }
        };

        abstract Object read(String json) throws Exception;
    }

    @ParameterizedTest
    @EnumSource
    void aDocumentHashesAsTheJsonThatItIs(Library library) throws Exception {
        boolean narrow = library == Library.JETTISON;
        // Jettison makes a double of what a long does not hold, before anybody else sees it.
        String document = narrow ? DOCUMENT.replace("\"big\":123456789012345678901234567890,", "") : DOCUMENT;
        Payload.of(library.read(document))
                .equalTo(new ObjectMapper().readTree(document))
                .differsFrom(
                        library.read(document.replace("t1", "t2")),
                        library.read(document.replace("\"n\":1,", "\"n\":2,")),
                        library.read(document.replace("\"n\":1,", "\"n\":1.0,")),
                        library.read(document.replace("\"n\":1,", "\"n\":\"1\",")),
                        library.read(document.replace("[1,null", "[2,null")),
                        library.read(document.replace("\"no\":false", "\"no\":true")))
                .at("/traceId", "t1")
                .at("/n", "1")
                .at("/list/0", "1")
                .at("/list/3", "x")
                .at("/list/4", "{\"a\":[]}")
                .at("/no", "false")
                .at("/absent", null);
    }

    @ParameterizedTest
    @EnumSource
    void simpleMapsHashAlike(Library library) throws Exception {
        Payload.of(library.read("{\"a\":1}"))
                .is("{\"a\":1}")
                .equalTo(Map.of("a", 1))
                .differsFrom(Map.of("a", 1.0));
    }

    /** A number is what Python reads, the double that the text names, whether the library keeps a text, a BigDecimal or a double. */
    @ParameterizedTest
    @EnumSource
    void aNumberIsWhatItsTextMeans(Library library) throws Exception {
        for (String number : NUMBERS) {
            String document = "{\"a\":[" + number + "]}";
            Object read = library == Library.JETTISON && number.length() > 17 ? null : library.read(document);
            if (read != null) {
                assertEquals(Payload.json(JsonReader.read(document)), Payload.json(read), library + " read " + number);
            }
        }
    }

    /** Maps of libraries that keep BigDecimals, and beside them a map that no library has read. */
    @Test
    void aBigDecimalIsANumberOfJsonInATreeAlone() {
        Map<String, Object> inside = new LinkedHashMap<>(Map.of("b", List.of(new BigDecimal("1E2"))));
        Payload.of(new io.vertx.core.json.JsonObject().put("a", inside)).is("{\"a\":{\"b\":[100.0]}}");
        Payload.of(new io.vertx.core.json.JsonObject().put("a", new BigDecimal("1E2")))
                .at("/a", "100.0");
        org.json.simple.JSONObject simple = new org.json.simple.JSONObject(inside);
        Payload.of(simple).is("{\"b\":[100.0]}");
        Payload.of(inside).is("{\"b\":[100]}");
        PayloadHasher str = new PayloadHasher(CanonicalForm.PYTHON_STR);
        assertEquals("{\"b\":[100.0]}", new String(str.canonical(simple, Exclusions.NONE), StandardCharsets.US_ASCII));
        assertEquals(
                "{\"b\":[\"1E+2\"]}", new String(str.canonical(inside, Exclusions.NONE), StandardCharsets.US_ASCII));
    }

    /** Integers that no double holds, in the form that would fold them: refused at their place, with what to do. */
    @ParameterizedTest
    @EnumSource
    void anIntegerThatJcsWouldFoldIsRefusedInTrees(Library library) throws Exception {
        Object tree = library.read("{\"order\":{\"id\":9007199254740993}}");
        UnhashableException refused = assertThrows(
                UnhashableException.class,
                () -> new PayloadHasher(CanonicalForm.JCS).hash(tree, Exclusions.NONE),
                library.name());
        assertEquals("/order/id", refused.pointer(), library.name());
        assertTrue(refused.getMessage().contains("send it as text"), refused.getMessage());
    }

    @Test
    void arraysAndValuesByThemselves() {
        Payload.of(new org.json.JSONArray("[{\"id\":1}]"))
                .is("[{\"id\":1}]")
                .differsFrom(new org.json.JSONArray("[{\"id\":2}]"))
                .at("/0/id", "1");
        Payload.of(org.json.JSONObject.NULL).is("null");
        Payload.of(jakarta.json.Json.createObjectBuilder().add("id", 7).build()).is("{\"id\":7}");
        Payload.of(jakarta.json.Json.createValue("x")).is("\"x\"").at("", "x");
        Payload.of(jakarta.json.JsonValue.TRUE).is("true");
        Payload.of(new com.google.gson.JsonPrimitive("1"))
                .is("\"1\"")
                .differsFrom(new com.google.gson.JsonPrimitive(1));
        Payload.of(com.google.gson.JsonNull.INSTANCE).is("null");
        Payload.of(new com.google.gson.JsonPrimitive(1.0)).is("1.0");
        Payload.of(Json.value(1)).is("1");
    }

    @Test
    void vertxJsonIsTheMapThatItWraps() {
        io.vertx.core.json.JsonObject object = new io.vertx.core.json.JsonObject("{\"a\":[1,{\"b\":null}]}");
        Payload.of(object)
                .is("{\"a\":[1,{\"b\":null}]}")
                .at("/a/0", "1")
                .differsFrom(new io.vertx.core.json.JsonObject("{\"a\":[2,{\"b\":null}]}"));
        Payload.of(new io.vertx.core.json.JsonArray("[1]")).is("[1]");
    }

    @Test
    void jsonSimpleIsAMap() throws Exception {
        Object read = new org.json.simple.parser.JSONParser().parse("{\"a\":[1,2.5]}");
        Payload.of(read).is("{\"a\":[1,2.5]}").at("/a/1", "2.5");
    }

    @Test
    void whatIsPutIntoATreeIsMappedAsElsewhere() {
        Map<String, Object> span = new LinkedHashMap<>();
        span.put("at", java.time.Instant.EPOCH);
        org.json.JSONObject tree = new org.json.JSONObject().put("at", java.time.Instant.EPOCH);
        assertEquals(Payload.json(span), Payload.json(tree));
        org.json.JSONString text = () -> "{\"a\":1}";
        Payload.of(new org.json.JSONObject().put("x", text)).is("{\"x\":{\"a\":1}}");
        assertNotEquals(Payload.hash(tree), Payload.hash(new org.json.JSONObject()));
    }

    static final class Tagged extends org.json.JSONObject {
        final String tag;

        Tagged(String tag) {
            this.tag = tag;
        }
    }

    @Test
    void aSubclassWithFieldsOfItsOwnIsRefused() {
        Payload.of(new Tagged("a")).isRefused("adds fields to org.json.JSONObject");
    }
}
