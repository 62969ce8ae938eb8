package io.idempotenttrace.survey;

import com.eclipsesource.json.Json;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.json.simple.JSONValue;

/** Trees of JSON and YAML: what a worker has in hand after it read a message. */
final class JsonTrees {

    private static final String SPAN =
            "{\"traceId\":\"t1\",\"id\":1,\"tags\":[\"a\",\"b\"],\"ok\":true,\"cost\":1.5,\"none\":null}";
    private static final String SPAN_IN_OTHER_ORDER =
            "{\"none\":null,\"cost\":1.5,\"ok\":true,\"tags\":[\"a\",\"b\"],\"id\":1,\"traceId\":\"t1\"}";
    private static final String OTHER_TEXT = SPAN.replace("t1", "t2");
    private static final String OTHER_NUMBER = SPAN.replace("\"id\":1", "\"id\":2");
    private static final String OTHER_ELEMENT = SPAN.replace("\"b\"", "\"c\"");
    private static final String OTHER_ORDER_OF_ELEMENTS = SPAN.replace("\"a\",\"b\"", "\"b\",\"a\"");
    private static final String OTHER_FLAG = SPAN.replace("true", "false");
    private static final String OTHER_DECIMAL = SPAN.replace("1.5", "1.25");
    private static final String OTHER_NAME = SPAN.replace("traceId", "traceID");
    private static final String TEXT_FOR_NUMBER = SPAN.replace("\"id\":1", "\"id\":\"1\"");
    private static final String WITHOUT_NULL = SPAN.replace(",\"none\":null", "");

    private JsonTrees() {}

    private interface Parser {
        Object parse(String text) throws Exception;
    }

    private static TypeCase object(Library library, String name, Parser parser) {
        return object(library.type(name, () -> parser.parse(SPAN)), parser)
                .part("null for nothing", () -> parser.parse(WITHOUT_NULL));
    }

    private static TypeCase object(TypeCase type, Parser parser) {
        return type.same(() -> parser.parse(SPAN_IN_OTHER_ORDER))
                .part("text", () -> parser.parse(OTHER_TEXT))
                .part("number", () -> parser.parse(OTHER_NUMBER))
                .part("element", () -> parser.parse(OTHER_ELEMENT))
                .part("order of elements", () -> parser.parse(OTHER_ORDER_OF_ELEMENTS))
                .part("flag", () -> parser.parse(OTHER_FLAG))
                .part("decimal", () -> parser.parse(OTHER_DECIMAL))
                .part("name", () -> parser.parse(OTHER_NAME))
                .part("text for number", () -> parser.parse(TEXT_FOR_NUMBER));
    }

    private static TypeCase array(Library library, String name, Parser parser) {
        return library.type(name, () -> parser.parse("[" + SPAN + ",1]"))
                .same(() -> parser.parse("[" + SPAN_IN_OTHER_ORDER + ",1]"))
                .part("element", () -> parser.parse("[" + OTHER_TEXT + ",1]"))
                .part("last element", () -> parser.parse("[" + SPAN + ",2]"))
                .part("one element more", () -> parser.parse("[" + SPAN + ",1,1]"))
                .part("order", () -> parser.parse("[1," + SPAN + "]"))
                .part("nothing", () -> parser.parse("[]"));
    }

    static void add(Survey survey) {
        orgJson(survey);
        gson(survey);
        jakartaJson(survey);
        smallParsers(survey);
        jackson(survey);
        yaml(survey);
    }

    private static void orgJson(Survey survey) {
        Library library =
                survey.library("org.json:json", "the reference implementation, in Android and most older services");
        object(library, "JSONObject", org.json.JSONObject::new);
        array(library, "JSONArray", org.json.JSONArray::new);
        library.type(
                        "JSONObject with a bean",
                        () -> new org.json.JSONObject()
                                .put("id", new BigDecimal("1.10"))
                                .put("at", List.of(1)))
                .same(() -> new org.json.JSONObject()
                        .put("at", new org.json.JSONArray("[1]"))
                        .put("id", new BigDecimal("1.10")))
                .part(
                        "decimal",
                        () -> new org.json.JSONObject()
                                .put("id", new BigDecimal("1.2"))
                                .put("at", List.of(1)))
                .part(
                        "element",
                        () -> new org.json.JSONObject()
                                .put("id", new BigDecimal("1.10"))
                                .put("at", List.of(2)));
        library.type("JSONObject.NULL in a list", () -> List.of(org.json.JSONObject.NULL, 1))
                .part("text", () -> List.of("x", 1))
                .part("text 'null'", () -> List.of("null", 1));
    }

    private static void gson(Survey survey) {
        Library library = survey.library("com.google.code.gson:gson", "Google's, among the ten most depended upon");
        object(library, "JsonObject", JsonParser::parseString);
        array(library, "JsonArray", JsonParser::parseString);
        library.type("JsonPrimitive of text", () -> new JsonPrimitive("1"))
                .part("text", () -> new JsonPrimitive("2"))
                .partOfPayload("number", () -> new JsonPrimitive(1))
                .part("flag", () -> new JsonPrimitive(true));
        library.type("JsonPrimitive of a number", () -> new JsonPrimitive(1))
                .same(() -> new JsonPrimitive(1L))
                .part("number", () -> new JsonPrimitive(2))
                .part("large", () -> new JsonPrimitive(new BigDecimal("12345678901234567890123")))
                .part("larger", () -> new JsonPrimitive(new BigDecimal("12345678901234567890124")));
        library.type("JsonPrimitive of a parsed number", () -> JsonParser.parseString("10"))
                .same(() -> new JsonPrimitive(10))
                .part("number", () -> JsonParser.parseString("11"))
                .part("decimal", () -> JsonParser.parseString("10.5"));
        library.type("JsonNull in a JsonArray", () -> {
                    JsonArray array = new JsonArray();
                    array.add(com.google.gson.JsonNull.INSTANCE);
                    return array;
                })
                .part("nothing", JsonArray::new)
                .part("text", () -> JsonParser.parseString("[\"null\"]"));
        library.type("JsonObject, nested", () -> JsonParser.parseString("{\"a\":{\"b\":[{\"c\":1}]}}"))
                .part("leaf", () -> JsonParser.parseString("{\"a\":{\"b\":[{\"c\":2}]}}"))
                .part("level", () -> JsonParser.parseString("{\"a\":{\"b\":{\"c\":1}}}"))
                .part("nothing", JsonObject::new);
    }

    private static void jakartaJson(Survey survey) {
        Library library =
                survey.library("org.eclipse.parsson:parsson", "Jakarta EE's JSON Processing, in each of its servers");
        object(library, "JsonObject", text -> read(text))
                .part("large number", () -> read(SPAN.replace("\"id\":1", "\"id\":9007199254740993")))
                .part("larger number", () -> read(SPAN.replace("\"id\":1", "\"id\":9007199254740992")));
        array(library, "JsonArray", text -> read(text));
        library.type("JsonNumber", () -> jakarta.json.Json.createValue(1))
                .same(() -> jakarta.json.Json.createValue(1L))
                .part("number", () -> jakarta.json.Json.createValue(2))
                .part("decimal", () -> jakarta.json.Json.createValue(1.5))
                .part("long", () -> jakarta.json.Json.createValue(1L << 40));
        library.type("JsonString", () -> jakarta.json.Json.createValue("a"))
                .part("text", () -> jakarta.json.Json.createValue("b"))
                .part("quoted text", () -> jakarta.json.Json.createValue("\"a\""));
        library.type("JsonValue", () -> jakarta.json.JsonValue.TRUE)
                .part("false", () -> jakarta.json.JsonValue.FALSE)
                .part("empty object", () -> jakarta.json.JsonValue.EMPTY_JSON_OBJECT)
                .part("empty array", () -> jakarta.json.JsonValue.EMPTY_JSON_ARRAY);
        library.type("JsonPointer", () -> jakarta.json.Json.createPointer("/a"))
                .part("pointer", () -> jakarta.json.Json.createPointer("/b"));
    }

    private static Object read(String text) {
        return jakarta.json.Json.createReader(new java.io.StringReader(text)).readValue();
    }

    private static void smallParsers(Survey survey) {
        Library minimal = survey.library(
                "com.eclipsesource.minimal-json:minimal-json", "the small one, in build tools and plug-ins");
        object(minimal, "JsonObject", Json::parse);
        array(minimal, "JsonArray", Json::parse);
        minimal.type("JsonNumber", () -> Json.value(1))
                .part("number", () -> Json.value(2))
                .part("decimal", () -> Json.value(1.5));
        minimal.type("JsonString", () -> Json.value("a")).part("text", () -> Json.value("b"));
        minimal.type("JsonLiteral", () -> Json.TRUE)
                .part("flag", () -> Json.FALSE)
                .part("null", () -> Json.NULL);

        Library jettison = survey.library("org.codehaus.jettison:jettison", "JSON of JAX-RS 1 and of XML services");
        object(jettison, "JSONObject", org.codehaus.jettison.json.JSONObject::new);
        array(jettison, "JSONArray", org.codehaus.jettison.json.JSONArray::new);

        Library simple =
                survey.library("com.googlecode.json-simple:json-simple", "old, still behind thousands of artefacts");
        object(simple, "JSONObject", JSONValue::parse);
        array(simple, "JSONArray", JSONValue::parse);

        Library fastjson = survey.library("com.alibaba.fastjson2:fastjson2", "the usual choice of Chinese services");
        object(fastjson, "JSONObject", com.alibaba.fastjson2.JSON::parse);
        array(fastjson, "JSONArray", com.alibaba.fastjson2.JSON::parse);

        Library smart = survey.library("net.minidev:json-smart", "behind JsonPath and Spring's tests");
        object(smart, "JSONObject", net.minidev.json.JSONValue::parse);
        array(smart, "JSONArray", net.minidev.json.JSONValue::parse);
    }

    private static void jackson(Survey survey) {
        Library two = survey.library("com.fasterxml.jackson.core:jackson-databind", "the most used of all");
        var mapper2 = new com.fasterxml.jackson.databind.ObjectMapper();
        object(two, "ObjectNode", mapper2::readTree);
        array(two, "ArrayNode", mapper2::readTree);
        var nodes = com.fasterxml.jackson.databind.node.JsonNodeFactory.instance;
        two.type("BinaryNode", () -> nodes.binaryNode(new byte[] {1}))
                .part("bytes", () -> nodes.binaryNode(new byte[] {2}));
        two.type("POJONode", () -> nodes.pojoNode(Map.of("a", 1))).part("bean", () -> nodes.pojoNode(Map.of("a", 2)));
        two.type("DecimalNode", () -> nodes.numberNode(new BigDecimal("1.5")))
                .part("number", () -> nodes.numberNode(new BigDecimal("1.6")));
        two.type("TokenBuffer", () -> tokens(mapper2, "{\"a\":1}")).part("number", () -> tokens(mapper2, "{\"a\":2}"));
        two.type("RawValue", () -> new com.fasterxml.jackson.databind.util.RawValue("{\"a\":1}"))
                .part("text", () -> new com.fasterxml.jackson.databind.util.RawValue("{\"a\":2}"));

        Library three = survey.library("tools.jackson.core:jackson-databind", "Jackson 3, that of Spring Boot 4");
        var mapper3 = new tools.jackson.databind.ObjectMapper();
        object(three, "ObjectNode", mapper3::readTree);
        array(three, "ArrayNode", mapper3::readTree);
        three.type("StringNode", () -> tools.jackson.databind.node.StringNode.valueOf("a"))
                .part("text", () -> tools.jackson.databind.node.StringNode.valueOf("b"));
    }

    private static Object tokens(com.fasterxml.jackson.databind.ObjectMapper mapper, String text) throws Exception {
        return mapper.readValue(text, com.fasterxml.jackson.databind.util.TokenBuffer.class);
    }

    private static void yaml(Survey survey) {
        Library library = survey.library("org.yaml:snakeyaml", "YAML of Spring, Kubernetes clients and most tools");
        object(library, "map that was loaded", text -> new org.yaml.snakeyaml.Yaml().load(text));
        library.type(
                        "TreeMap that was loaded",
                        () -> new TreeMap<>(Map.of("a", new org.yaml.snakeyaml.Yaml().load("2020-01-01"))))
                .part("date", () -> new TreeMap<>(Map.of("a", new org.yaml.snakeyaml.Yaml().load("2020-01-02"))));
        library.type("ScalarNode", () -> new org.yaml.snakeyaml.Yaml().compose(new java.io.StringReader("a")))
                .part("text", () -> new org.yaml.snakeyaml.Yaml().compose(new java.io.StringReader("b")));
        library.type("MappingNode", () -> new org.yaml.snakeyaml.Yaml().compose(new java.io.StringReader("a: 1")))
                .part("value", () -> new org.yaml.snakeyaml.Yaml().compose(new java.io.StringReader("a: 2")));
    }
}
