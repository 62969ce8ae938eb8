package io.idempotenttrace.payloads;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.util.Utf8;
import org.bson.BsonBinary;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonNull;
import org.bson.BsonObjectId;
import org.bson.BsonRegularExpression;
import org.bson.BsonString;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.bson.types.Binary;
import org.bson.types.Decimal128;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;

/** BSON and Avro. */
class DocumentPayloadsTest {

    private static final String ID = "674889000000000000000001";

    @Test
    void anObjectIdIsItsHexDigitsAlsoAsKey() {
        ObjectId id = new ObjectId(ID);
        Payload.of(id)
                .is("\"" + ID + "\"")
                .at("", ID)
                .equalTo(ID)
                .differsFrom(new ObjectId("674889000000000000000002"));
        Payload.of(new Document("_id", id).append("n", 1))
                .is("{\"_id\":\"" + ID + "\",\"n\":1}")
                .at("/_id", ID)
                .differsFrom(new Document("_id", new ObjectId("674889000000000000000002")).append("n", 1));
        Payload.of(Map.of(id, 1)).is("{\"" + ID + "\":1}");
    }

    @Test
    void documentsOfBothKindsHashAlike() {
        BsonDocument bson = new BsonDocument("_id", new BsonObjectId(new ObjectId(ID)))
                .append("n", new BsonInt32(1))
                .append("s", new BsonString("x"))
                .append("at", new BsonDateTime(0))
                .append("none", BsonNull.VALUE);
        Document document = new Document("_id", new ObjectId(ID))
                .append("n", 1)
                .append("s", "x")
                .append("at", new Date(0))
                .append("none", null);
        Payload.of(bson)
                .is("{\"_id\":\"" + ID + "\",\"at\":\"1970-01-01T00:00:00Z\",\"n\":1,\"none\":null,\"s\":\"x\"}")
                .equalTo(document)
                .equalTo(RawBsonDocument.parse(bson.toJson()))
                .at("/_id", ID)
                .at("/n", "1");
    }

    @Test
    void typesThatJsonLacksAreExtendedJson() {
        Payload.of(new BsonTimestamp(1, 2))
                .is("{\"$timestamp\":{\"i\":2,\"t\":1}}")
                .differsFrom(new BsonTimestamp(1, 3));
        Payload.of(new Binary(new byte[] {1}))
                .is("\"AQ==\"")
                .equalTo(new BsonBinary(new byte[] {1}))
                .differsFrom(new Binary((byte) 5, new byte[] {1}));
        Payload.of(new Binary((byte) 5, new byte[] {1})).is("{\"$binary\":{\"base64\":\"AQ==\",\"subType\":\"05\"}}");
        Payload.of(new BsonRegularExpression("a", "i"))
                .is("{\"$regularExpression\":{\"options\":\"i\",\"pattern\":\"a\"}}");
        Payload.of(new org.bson.types.Code("f"))
                .is("{\"$code\":\"f\"}")
                .differsFrom(new org.bson.types.CodeWithScope("f", new Document("a", 1)));
        Payload.of(new org.bson.types.MinKey()).is("{\"$minKey\":1}").differsFrom(new org.bson.types.MaxKey());
        Payload.of(new org.bson.types.Symbol("a")).is("{\"$symbol\":\"a\"}").differsFrom("a");
    }

    @Test
    void decimalsOfBson() {
        Payload.of(new Decimal128(new BigDecimal("1.10"))).is("1.1").equalTo(new BigDecimal("1.1"));
        Payload.of(Decimal128.NaN).is("NaN").differsFrom(Decimal128.POSITIVE_INFINITY);
        Payload.of(Decimal128.NEGATIVE_ZERO).is("-0.0").differsFrom(Decimal128.POSITIVE_ZERO);
    }

    private static final Schema SPAN = SchemaBuilder.record("Span")
            .fields()
            .requiredString("traceId")
            .optionalLong("duration")
            .name("kind")
            .type()
            .enumeration("Kind")
            .symbols("SERVER", "CLIENT")
            .noDefault()
            .name("hash")
            .type()
            .fixed("Hash")
            .size(2)
            .noDefault()
            .requiredBytes("raw")
            .name("tags")
            .type()
            .map()
            .values()
            .stringType()
            .noDefault()
            .endRecord();

    private static GenericData.Record avro(CharSequence traceId, String kind, int last) {
        GenericData.Record record = new GenericData.Record(SPAN);
        record.put("traceId", traceId);
        record.put("duration", null);
        record.put("kind", new GenericData.EnumSymbol(SPAN.getField("kind").schema(), kind));
        record.put("hash", new GenericData.Fixed(SPAN.getField("hash").schema(), new byte[] {1, (byte) last}));
        record.put("raw", ByteBuffer.wrap(new byte[] {1}));
        record.put("tags", Map.of(new Utf8("a"), new Utf8("b")));
        return record;
    }

    @Test
    void anAvroRecordIsTheFieldsOfItsSchema() {
        Payload.of(avro("t1", "SERVER", 2))
                .is("{\"duration\":null,\"hash\":\"AQI=\",\"kind\":\"SERVER\",\"raw\":\"AQ==\",\"tags\":{\"a\":\"b\"},"
                        + "\"traceId\":\"t1\"}")
                .equalTo(avro(new Utf8("t1"), "SERVER", 2))
                .differsFrom(avro("t2", "SERVER", 2), avro("t1", "CLIENT", 2), avro("t1", "SERVER", 3))
                .at("/traceId", "t1")
                .at("/kind", "SERVER")
                .at("/tags/a", "b")
                .at("/duration", null);
        Payload.of(List.of(avro("t1", "SERVER", 2))).at("/0/traceId", "t1");
    }
}
