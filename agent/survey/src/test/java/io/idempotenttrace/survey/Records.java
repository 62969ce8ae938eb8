package io.idempotenttrace.survey;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.FieldMask;
import com.google.protobuf.ListValue;
import com.google.protobuf.StringValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import com.google.pubsub.v1.PubsubMessage;
import com.google.rpc.Status;
import com.google.type.LatLng;
import com.google.type.Money;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.util.Utf8;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.apache.hadoop.io.ArrayWritable;
import org.apache.hadoop.io.BytesWritable;
import org.apache.hadoop.io.DoubleWritable;
import org.apache.hadoop.io.IntWritable;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.MapWritable;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.io.Writable;

/** Records whose shape a schema gives. */
final class Records {

    private Records() {}

    static void add(Survey survey) {
        avro(survey);
        protobuf(survey);
        google(survey);
        thrift(survey);
        hadoop(survey);
        flink(survey);
    }

    private static final Schema SPAN = new Schema.Parser()
            .parse("{\"type\":\"record\",\"name\":\"Span\",\"fields\":[{\"name\":\"id\",\"type\":\"long\"},"
                    + "{\"name\":\"name\",\"type\":\"string\"},{\"name\":\"tags\",\"type\":{\"type\":\"map\",\"values\":\"string\"}},"
                    + "{\"name\":\"kind\",\"type\":{\"type\":\"enum\",\"name\":\"Kind\",\"symbols\":[\"A\",\"B\"]}},"
                    + "{\"name\":\"hash\",\"type\":{\"type\":\"fixed\",\"name\":\"Hash\",\"size\":2}},{\"name\":\"data\",\"type\":\"bytes\"},"
                    + "{\"name\":\"parent\",\"type\":[\"null\",\"long\"],\"default\":null}]}");

    private static GenericRecord span(Map<String, Object> changes) {
        GenericRecordBuilder builder = new GenericRecordBuilder(SPAN)
                .set("id", 1L)
                .set("name", "n")
                .set("tags", Map.of("a", "b"))
                .set("kind", new GenericData.EnumSymbol(SPAN.getField("kind").schema(), "A"))
                .set("hash", new GenericData.Fixed(SPAN.getField("hash").schema(), new byte[] {1, 2}))
                .set("data", ByteBuffer.wrap(new byte[] {1}));
        changes.forEach(builder::set);
        return builder.build();
    }

    private static void avro(Survey survey) {
        Library library = survey.library("org.apache.avro:avro", "records of Kafka and of data lakes");
        library.type("GenericRecord", () -> span(Map.of()))
                .same(() -> span(Map.of("name", "n")))
                .part("id", () -> span(Map.of("id", 2L)))
                .part("name", () -> span(Map.of("name", "m")))
                .part("tag", () -> span(Map.of("tags", Map.of("a", "c"))))
                .part(
                        "enum",
                        () -> span(Map.of(
                                "kind",
                                new GenericData.EnumSymbol(SPAN.getField("kind").schema(), "B"))))
                .part(
                        "fixed",
                        () -> span(Map.of(
                                "hash",
                                new GenericData.Fixed(SPAN.getField("hash").schema(), new byte[] {1, 3}))))
                .part("bytes", () -> span(Map.of("data", ByteBuffer.wrap(new byte[] {2}))))
                .part("optional", () -> span(Map.of("parent", 7L)));
        library.type(
                        "GenericRecord with Utf8",
                        () -> span(Map.of("name", new Utf8("x"), "tags", Map.of(new Utf8("a"), new Utf8("b")))))
                .same(() -> span(Map.of("name", "x")))
                .part("name", () -> span(Map.of("name", new Utf8("y"))));
        library.type("Utf8", () -> new Utf8("a")).same(() -> "a").part("text", () -> new Utf8("b"));
        library.type(
                        "GenericData.Array",
                        () -> new GenericData.Array<>(
                                Schema.createArray(Schema.create(Schema.Type.INT)), List.of(1, 2)))
                .part(
                        "element",
                        () -> new GenericData.Array<>(
                                Schema.createArray(Schema.create(Schema.Type.INT)), List.of(1, 3)));
        library.type(
                        "GenericData.EnumSymbol",
                        () -> new GenericData.EnumSymbol(SPAN.getField("kind").schema(), "A"))
                .part(
                        "symbol",
                        () -> new GenericData.EnumSymbol(SPAN.getField("kind").schema(), "B"));
        library.type(
                        "GenericData.Fixed",
                        () -> new GenericData.Fixed(SPAN.getField("hash").schema(), new byte[] {1, 2}))
                .part("bytes", () -> new GenericData.Fixed(SPAN.getField("hash").schema(), new byte[] {1, 3}));
        library.type("generated record", () -> new AvroSpan(1, "n"))
                .part("id", () -> new AvroSpan(2, "n"))
                .part("name", () -> new AvroSpan(1, "m"));
        library.type("Schema", () -> Schema.create(Schema.Type.INT))
                .part("type", () -> Schema.create(Schema.Type.LONG));
    }

    private static void protobuf(Survey survey) {
        Library library = survey.library("com.google.protobuf:protobuf-java", "messages of gRPC");
        library.type("Struct", () -> struct("a", 1))
                .part("name", () -> struct("b", 1))
                .part("value", () -> struct("a", 2));
        library.type("Value", () -> Value.newBuilder().setNumberValue(1).build())
                .part("number", () -> Value.newBuilder().setNumberValue(2).build())
                .partOfPayload(
                        "kind", () -> Value.newBuilder().setStringValue("1").build())
                .part("flag", () -> Value.newBuilder().setBoolValue(true).build());
        library.type(
                        "ListValue",
                        () -> ListValue.newBuilder()
                                .addValues(Value.newBuilder().setNumberValue(1))
                                .build())
                .part(
                        "element",
                        () -> ListValue.newBuilder()
                                .addValues(Value.newBuilder().setNumberValue(2))
                                .build());
        library.type(
                        "Timestamp",
                        () -> Timestamp.newBuilder().setSeconds(1).setNanos(2).build())
                .part(
                        "nanosecond",
                        () -> Timestamp.newBuilder().setSeconds(1).setNanos(3).build())
                .part(
                        "second",
                        () -> Timestamp.newBuilder().setSeconds(2).setNanos(2).build());
        library.type(
                        "Duration",
                        () -> Duration.newBuilder().setSeconds(1).setNanos(2).build())
                .part(
                        "nanosecond",
                        () -> Duration.newBuilder().setSeconds(1).setNanos(3).build());
        library.type("StringValue", () -> StringValue.of("a")).part("text", () -> StringValue.of("b"));
        library.type("FieldMask", () -> FieldMask.newBuilder().addPaths("a.b").build())
                .part("path", () -> FieldMask.newBuilder().addPaths("a.c").build());
        library.type("ByteString", () -> ByteString.copyFromUtf8("a"))
                .same(() -> ByteString.copyFromUtf8("xa").substring(1))
                .part("bytes", () -> ByteString.copyFromUtf8("b"));
        library.type("DynamicMessage", () -> dynamic(1)).part("field", () -> dynamic(2));
        library.type("Any", () -> Any.pack(StringValue.of("a"))).part("content", () -> Any.pack(StringValue.of("b")));
        library.type("builder", () -> Timestamp.newBuilder().setSeconds(1))
                .part("second", () -> Timestamp.newBuilder().setSeconds(2));
        library.type("EnumValueDescriptor", () -> com.google.protobuf.NullValue.NULL_VALUE.getValueDescriptor())
                .part("constant", () -> com.google.protobuf.Syntax.SYNTAX_PROTO3.getValueDescriptor());
    }

    private static Object struct(String name, double value) {
        return Struct.newBuilder()
                .putFields(name, Value.newBuilder().setNumberValue(value).build())
                .build();
    }

    private static Object dynamic(long seconds) {
        return DynamicMessage.newBuilder(Timestamp.getDescriptor())
                .setField(Timestamp.getDescriptor().findFieldByName("seconds"), seconds)
                .build();
    }

    private static void google(Survey survey) {
        Library common =
                survey.library("com.google.api.grpc:proto-google-common-protos", "what Google's interfaces share");
        common.type("Money", () -> money("EUR", 1, 2))
                .part("currency", () -> money("USD", 1, 2))
                .part("units", () -> money("EUR", 3, 2))
                .part("nanos", () -> money("EUR", 1, 3));
        common.type("LatLng", () -> LatLng.newBuilder().setLatitude(1).build())
                .part("latitude", () -> LatLng.newBuilder().setLatitude(2).build())
                .part(
                        "longitude",
                        () -> LatLng.newBuilder().setLatitude(1).setLongitude(2).build());
        common.type("Status", () -> status(1, "m"))
                .part("code", () -> status(2, "m"))
                .part("message", () -> status(1, "n"));
        common.type(
                        "type.Date",
                        () -> com.google.type.Date.newBuilder().setYear(2020).build())
                .part(
                        "year",
                        () -> com.google.type.Date.newBuilder().setYear(2021).build());

        Library pubsub = survey.library("com.google.api.grpc:proto-google-cloud-pubsub-v1", "Google's Pub/Sub");
        pubsub.type("PubsubMessage", () -> pubsub("d", "a"))
                .part("data", () -> pubsub("e", "a"))
                .part("attribute", () -> pubsub("d", "b"));
        pubsub.type(
                        "ReceivedMessage",
                        () -> com.google.pubsub.v1.ReceivedMessage.newBuilder()
                                .setAckId("a")
                                .setMessage((PubsubMessage) pubsub("d", "a"))
                                .build())
                // A redelivery of the same message.
                .same(() -> com.google.pubsub.v1.ReceivedMessage.newBuilder()
                        .setAckId("b")
                        .setMessage((PubsubMessage) pubsub("d", "a"))
                        .build())
                .part(
                        "message",
                        () -> com.google.pubsub.v1.ReceivedMessage.newBuilder()
                                .setAckId("a")
                                .setMessage((PubsubMessage) pubsub("e", "a"))
                                .build());
    }

    private static Object money(String currency, long units, int nanos) {
        return Money.newBuilder()
                .setCurrencyCode(currency)
                .setUnits(units)
                .setNanos(nanos)
                .build();
    }

    private static Object status(int code, String message) {
        return Status.newBuilder().setCode(code).setMessage(message).build();
    }

    private static Object pubsub(String data, String attribute) {
        return PubsubMessage.newBuilder()
                .setData(ByteString.copyFromUtf8(data))
                .putAttributes("a", attribute)
                .build();
    }

    private static void thrift(Survey survey) {
        Library library =
                survey.library("org.apache.thrift:libthrift", "remote calls of Hive, Jaeger and older services");
        library.type("generated struct", () -> new ThriftSpan(1, "n"))
                .part("id", () -> new ThriftSpan(2, "n"))
                .part("name", () -> new ThriftSpan(1, "m"))
                .part("unset", ThriftSpan::new);
        library.type("TException", () -> new org.apache.thrift.TException("a"))
                .part("message", () -> new org.apache.thrift.TException("b"));

        Library jaeger = survey.library("io.jaegertracing:jaeger-thrift", "Jaeger's spans");
        jaeger.type("Span", () -> new io.jaegertracing.thriftjava.Span(1, 2, 3, 4, "op", 5, 6, 7))
                .part("trace id, low", () -> new io.jaegertracing.thriftjava.Span(9, 2, 3, 4, "op", 5, 6, 7))
                .part("trace id, high", () -> new io.jaegertracing.thriftjava.Span(1, 9, 3, 4, "op", 5, 6, 7))
                .part("id", () -> new io.jaegertracing.thriftjava.Span(1, 2, 9, 4, "op", 5, 6, 7))
                .part("operation", () -> new io.jaegertracing.thriftjava.Span(1, 2, 3, 4, "po", 5, 6, 7))
                .part("duration", () -> new io.jaegertracing.thriftjava.Span(1, 2, 3, 4, "op", 5, 6, 9))
                .part(
                        "tag",
                        () -> new io.jaegertracing.thriftjava.Span(1, 2, 3, 4, "op", 5, 6, 7)
                                .setTags(List.of(tag("a"))));
        jaeger.type("Tag", () -> tag("a"))
                .part("text", () -> tag("b"))
                .part(
                        "number",
                        () -> new io.jaegertracing.thriftjava.Tag("k", io.jaegertracing.thriftjava.TagType.LONG)
                                .setVLong(1));
        jaeger.type("Batch", () -> batch("a")).part("process", () -> batch("b"));
    }

    private static io.jaegertracing.thriftjava.Tag tag(String value) {
        return new io.jaegertracing.thriftjava.Tag("k", io.jaegertracing.thriftjava.TagType.STRING).setVStr(value);
    }

    private static Object batch(String service) {
        return new io.jaegertracing.thriftjava.Batch(
                new io.jaegertracing.thriftjava.Process(service),
                List.of(new io.jaegertracing.thriftjava.Span(1, 2, 3, 4, "op", 5, 6, 7)));
    }

    private static void hadoop(Survey survey) {
        Library library = survey.library("org.apache.hadoop:hadoop-common", "writables of MapReduce, HBase and Spark");
        library.type("Text", () -> new Text("a")).part("text", () -> new Text("b"));
        library.type("IntWritable", () -> new IntWritable(1)).part("value", () -> new IntWritable(2));
        library.type("LongWritable", () -> new LongWritable(1)).part("value", () -> new LongWritable(2));
        library.type("DoubleWritable", () -> new DoubleWritable(1.5)).part("value", () -> new DoubleWritable(2.5));
        library.type("BytesWritable", () -> new BytesWritable(new byte[] {1, 2}, 1))
                .same(() -> new BytesWritable(new byte[] {1}))
                .part("bytes", () -> new BytesWritable(new byte[] {2}))
                .part("length", () -> new BytesWritable(new byte[] {1, 2}, 2));
        library.type("MapWritable", () -> mapWritable(1)).part("value", () -> mapWritable(2));
        library.type("ArrayWritable", () -> arrayWritable(1)).part("element", () -> arrayWritable(2));
        library.type("NullWritable in a list", () -> List.of(NullWritable.get(), 1))
                .part("next element", () -> List.of(NullWritable.get(), 2));
    }

    private static Object mapWritable(int value) {
        MapWritable map = new MapWritable();
        map.put(new Text("a"), new IntWritable(value));
        return map;
    }

    private static Object arrayWritable(int value) {
        return new ArrayWritable(IntWritable.class, new Writable[] {new IntWritable(value)});
    }

    private static void flink(Survey survey) {
        Library library = survey.library("org.apache.flink:flink-core", "streams of rows");
        library.type("Row", () -> Row.of("a", 1))
                .part("field", () -> Row.of("a", 2))
                .part("kind", () -> Row.ofKind(RowKind.DELETE, "a", 1));
        library.type("Row by name", () -> named("a", 1))
                .part("name", () -> named("b", 1))
                .part("value", () -> named("a", 2));
        library.type("Tuple2", () -> Tuple2.of("a", 1))
                .part("first", () -> Tuple2.of("b", 1))
                .part("second", () -> Tuple2.of("a", 2));
        library.type("IntValue", () -> new org.apache.flink.types.IntValue(1))
                .part("value", () -> new org.apache.flink.types.IntValue(2));
        library.type("StringValue", () -> new org.apache.flink.types.StringValue("a"))
                .part("text", () -> new org.apache.flink.types.StringValue("b"));
        library.type("Either", () -> org.apache.flink.types.Either.Left("a"))
                .part("value", () -> org.apache.flink.types.Either.Left("b"))
                .part("side", () -> org.apache.flink.types.Either.Right("a"));
    }

    private static Object named(String name, int value) {
        Row row = Row.withNames();
        row.setField(name, value);
        return row;
    }
}
