package io.idempotenttrace.payloads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.eclipsesource.json.Json;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.gson.JsonParser;
import java.io.StringReader;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Trees of every JSON library: equal JSON hashes alike, whichever library holds it. */
class JsonLibrariesTest {

    private static final String DOCUMENT =
            "{\"traceId\":\"t1\",\"n\":1,\"d\":1.0,\"e\":1.5e3,\"big\":123456789012345678901234567890,"
                    + "\"list\":[1,null,true,\"x\",{\"a\":[]}],\"nothing\":null,\"no\":false,\"text\":\"\\u00e9\"}";

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

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"JETTISON", "JACKSON"})
    void decimalsThatNoDoubleHoldsStayApart(Library library) throws Exception {
        Payload.of(library.read("{\"a\":0.1000000000000000000001}")).differsFrom(library.read("{\"a\":0.1}"));
        Payload.of(library.read("{\"a\":0.10}")).is("{\"a\":0.1}");
        Payload.of(library.read("{\"a\":2e23}")).is("{\"a\":2e+23}");
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
