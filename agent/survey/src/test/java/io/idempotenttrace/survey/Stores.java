package io.idempotenttrace.survey;

import com.datastax.oss.driver.api.core.data.CqlDuration;
import com.datastax.oss.driver.api.core.type.DataTypes;
import com.mongodb.BasicDBObject;
import com.mongodb.DBRef;
import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.R2dbcType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.bson.BsonArray;
import org.bson.BsonBinary;
import org.bson.BsonDateTime;
import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonNull;
import org.bson.BsonObjectId;
import org.bson.BsonRegularExpression;
import org.bson.BsonString;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.bson.codecs.DocumentCodec;
import org.bson.types.Binary;
import org.bson.types.Code;
import org.bson.types.CodeWithScope;
import org.bson.types.Decimal128;
import org.bson.types.MaxKey;
import org.bson.types.MinKey;
import org.bson.types.ObjectId;
import org.geojson.Feature;
import org.geojson.FeatureCollection;
import org.geojson.LngLatAlt;
import org.hibernate.collection.spi.PersistentBag;
import org.hibernate.collection.spi.PersistentSet;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.GeometryFactory;
import org.postgresql.geometric.PGbox;
import org.postgresql.geometric.PGpoint;
import org.postgresql.util.PGInterval;
import org.postgresql.util.PGmoney;
import org.postgresql.util.PGobject;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.resps.ScanResult;
import redis.clients.jedis.resps.StreamEntry;

/** What databases give and take. */
final class Stores {

    private static final String ID = "674889000000000000000001";
    private static final String OTHER_ID = "674889000000000000000002";

    private Stores() {}

    static void add(Survey survey) {
        documents(survey);
        bson(survey);
        relational(survey);
        columns(survey);
        places(survey);
    }

    private static void documents(Survey survey) {
        Library library = survey.library("org.mongodb:mongodb-driver-core", "MongoDB");
        library.type("Document", () -> document(ID, 1))
                .same(() -> new Document("n", 1).append("_id", new ObjectId(ID)))
                .part("id", () -> document(OTHER_ID, 1))
                .part("number", () -> document(ID, 2));
        library.type("ObjectId", () -> new ObjectId(ID))
                .part("counter", () -> new ObjectId(OTHER_ID))
                .part("machine", () -> new ObjectId("674889000100000000000001"))
                .part("time", () -> new ObjectId("674889010000000000000001"));
        library.type("Binary", () -> new Binary(new byte[] {1}))
                .part("bytes", () -> new Binary(new byte[] {2}))
                .part("type", () -> new Binary((byte) 4, new byte[] {1}));
        library.type("Decimal128", () -> new Decimal128(new BigDecimal("1.5")))
                .part("value", () -> new Decimal128(new BigDecimal("1.25")))
                .part("NaN", () -> Decimal128.NaN)
                .part("infinity", () -> Decimal128.POSITIVE_INFINITY);
        library.type("Code", () -> new Code("a")).part("text", () -> new Code("b"));
        library.type("CodeWithScope", () -> new CodeWithScope("a", new Document("x", 1)))
                .part("scope", () -> new CodeWithScope("a", new Document("x", 2)));
        library.type("MinKey in a list", () -> List.of(new MinKey(), 1))
                .part("MaxKey", () -> List.of(new MaxKey(), 1))
                .part("next element", () -> List.of(new MinKey(), 2));
        library.type(
                        "Document with everything",
                        () -> new Document("a", new BsonTimestamp(1, 2))
                                .append("b", new Date(1))
                                .append("c", List.of(new ObjectId(ID))))
                .part(
                        "timestamp",
                        () -> new Document("a", new BsonTimestamp(1, 3))
                                .append("b", new Date(1))
                                .append("c", List.of(new ObjectId(ID))))
                .part(
                        "id in a list",
                        () -> new Document("a", new BsonTimestamp(1, 2))
                                .append("b", new Date(1))
                                .append("c", List.of(new ObjectId(OTHER_ID))));
        library.type("BasicDBObject", () -> new BasicDBObject("a", 1)).part("value", () -> new BasicDBObject("a", 2));
        library.type("DBRef", () -> new DBRef("c", ID))
                .part("collection", () -> new DBRef("d", ID))
                .part("id", () -> new DBRef("c", OTHER_ID));
    }

    private static Document document(String id, int number) {
        return new Document("_id", new ObjectId(id)).append("n", number);
    }

    private static void bson(Survey survey) {
        Library library = survey.library("org.mongodb:bson", "MongoDB's types");
        library.type("BsonDocument", () -> bson("a", 1))
                .part("name", () -> bson("b", 1))
                .part("value", () -> bson("a", 2));
        library.type("RawBsonDocument", () -> new RawBsonDocument(new Document("a", 1), new DocumentCodec()))
                .part("value", () -> new RawBsonDocument(new Document("a", 2), new DocumentCodec()));
        library.type("BsonArray", () -> new BsonArray(List.of(new BsonInt32(1), new BsonString("a"))))
                .part("element", () -> new BsonArray(List.of(new BsonInt32(2), new BsonString("a"))))
                .part("text", () -> new BsonArray(List.of(new BsonInt32(1), new BsonString("b"))));
        library.type("BsonInt32", () -> new BsonInt32(1)).part("value", () -> new BsonInt32(2));
        library.type("BsonInt64", () -> new BsonInt64(1)).part("value", () -> new BsonInt64(1L << 60));
        library.type("BsonString", () -> new BsonString("a")).part("value", () -> new BsonString("b"));
        library.type("BsonObjectId", () -> new BsonObjectId(new ObjectId(ID)))
                .part("value", () -> new BsonObjectId(new ObjectId(OTHER_ID)));
        library.type("BsonBinary", () -> new BsonBinary(new byte[] {1}))
                .part("bytes", () -> new BsonBinary(new byte[] {2}))
                .part("type", () -> new BsonBinary((byte) 4, new byte[] {1}));
        library.type("BsonDateTime", () -> new BsonDateTime(1)).part("value", () -> new BsonDateTime(2));
        library.type("BsonTimestamp", () -> new BsonTimestamp(1, 2))
                .part("time", () -> new BsonTimestamp(2, 2))
                .part("increment", () -> new BsonTimestamp(1, 3));
        library.type("BsonDecimal128", () -> new BsonDecimal128(Decimal128.parse("1.5")))
                .part("value", () -> new BsonDecimal128(Decimal128.parse("1.25")));
        library.type("BsonRegularExpression", () -> new BsonRegularExpression("a", "i"))
                .part("pattern", () -> new BsonRegularExpression("b", "i"))
                .part("options", () -> new BsonRegularExpression("a", "m"));
        library.type("BsonNull in a BsonArray", () -> new BsonArray(List.of(BsonNull.VALUE)))
                .part("text", () -> new BsonArray(List.of(new BsonString("null"))))
                .part("nothing", BsonArray::new);
    }

    private static Object bson(String name, int value) {
        return new BsonDocument(name, new BsonInt32(value)).append("id", new BsonObjectId(new ObjectId(ID)));
    }

    private static void relational(Survey survey) {
        Library hibernate = survey.library("org.hibernate.orm:hibernate-core", "entities of Spring and Jakarta EE");
        hibernate
                .type("PersistentBag, loaded", () -> new LoadedBag(List.of(1, 2)))
                .part("element", () -> new LoadedBag(List.of(1, 3)));
        hibernate
                .type("PersistentSet, loaded", () -> new LoadedSet(List.of(1, 2)))
                .same(() -> new LoadedSet(List.of(2, 1)))
                .part("element", () -> new LoadedSet(List.of(1, 3)));
        hibernate.type("PersistentBag, lazy", () -> new PersistentBag<>()).part("content", () -> List.of(1));
        hibernate
                .type("entity", () -> new Entity(1L, "a"))
                .part("id", () -> new Entity(2L, "a"))
                .part("name", () -> new Entity(1L, "b"));

        Library postgres = survey.library("org.postgresql:postgresql", "PostgreSQL");
        postgres.type("PGobject", () -> pg("json", "{}"))
                .part("value", () -> pg("json", "[]"))
                .partBesideEquals("type", () -> pg("jsonb", "{}"));
        postgres.type("PGpoint", () -> new PGpoint(1, 2))
                .part("x", () -> new PGpoint(3, 2))
                .part("y", () -> new PGpoint(1, 3));
        postgres.type("PGbox", () -> new PGbox(1, 2, 3, 4)).part("corner", () -> new PGbox(1, 2, 3, 5));
        postgres.type("PGInterval", () -> new PGInterval(1, 2, 3, 4, 5, 6.5))
                .part("days", () -> new PGInterval(1, 2, 4, 4, 5, 6.5))
                .part("seconds", () -> new PGInterval(1, 2, 3, 4, 5, 6.25));
        postgres.type("PGmoney", () -> new PGmoney(1.5)).part("value", () -> new PGmoney(1.25));

        Library r2dbc = survey.library("io.r2dbc:r2dbc-spi", "reactive databases");
        r2dbc.type("Parameter", () -> Parameters.in(R2dbcType.INTEGER, 1))
                .part("value", () -> Parameters.in(R2dbcType.INTEGER, 2))
                .part("type", () -> Parameters.in(R2dbcType.BIGINT, 1));
    }

    private static Object pg(String type, String value) throws Exception {
        PGobject object = new PGobject();
        object.setType(type);
        object.setValue(value);
        return object;
    }

    /** A list that a session has loaded. */
    private static final class LoadedBag extends PersistentBag<Integer> {

        private static final long serialVersionUID = 1L;

        LoadedBag(List<Integer> elements) {
            super();
            bag = new ArrayList<>(elements);
            setInitialized();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof LoadedBag loaded && loaded.bag.equals(bag);
        }

        @Override
        public int hashCode() {
            return bag.hashCode();
        }
    }

    /** A set that a session has loaded. */
    private static final class LoadedSet extends PersistentSet<Integer> {

        private static final long serialVersionUID = 1L;

        LoadedSet(List<Integer> elements) {
            super();
            set = new LinkedHashSet<>(elements);
            setInitialized();
        }
    }

    /** An entity as most are written. */
    @jakarta.persistence.Entity
    public static class Entity {

        @jakarta.persistence.Id
        private final Long id;

        private final String name;

        Entity(Long id, String name) {
            this.id = id;
            this.name = name;
        }

        public Long getId() {
            return id;
        }

        public String getName() {
            return name;
        }
    }

    private static void columns(Survey survey) {
        Library cassandra = survey.library("org.apache.cassandra:java-driver-core", "Cassandra");
        cassandra
                .type("CqlDuration", () -> CqlDuration.newInstance(1, 2, 3))
                .part("months", () -> CqlDuration.newInstance(2, 2, 3))
                .part("days", () -> CqlDuration.newInstance(1, 3, 3))
                .part("nanoseconds", () -> CqlDuration.newInstance(1, 2, 4));
        cassandra
                .type("TupleValue", () -> tuple("a", 1))
                .part("first", () -> tuple("b", 1))
                .part("second", () -> tuple("a", 2));
        cassandra
                .type("CqlVector", () -> com.datastax.oss.driver.api.core.data.CqlVector.newInstance(1f, 2f))
                .part("element", () -> com.datastax.oss.driver.api.core.data.CqlVector.newInstance(1f, 3f));
        cassandra
                .type("CqlIdentifier", () -> com.datastax.oss.driver.api.core.CqlIdentifier.fromInternal("a"))
                .part("name", () -> com.datastax.oss.driver.api.core.CqlIdentifier.fromInternal("b"));

        Library jedis = survey.library("redis.clients:jedis", "Redis");
        jedis.type("StreamEntryID", () -> new StreamEntryID(1, 2))
                .part("time", () -> new StreamEntryID(2, 2))
                .part("sequence", () -> new StreamEntryID(1, 3));
        jedis.type("StreamEntry", () -> new StreamEntry(new StreamEntryID(1, 2), Map.of("a", "b")))
                .part("field", () -> new StreamEntry(new StreamEntryID(1, 2), Map.of("a", "c")))
                .part("id", () -> new StreamEntry(new StreamEntryID(1, 3), Map.of("a", "b")));
        jedis.type("Tuple", () -> new redis.clients.jedis.resps.Tuple("a", 1.0))
                .part("element", () -> new redis.clients.jedis.resps.Tuple("b", 1.0))
                .part("score", () -> new redis.clients.jedis.resps.Tuple("a", 2.0));
        jedis.type("ScanResult", () -> new ScanResult<>("1", List.of("a")))
                .part("element", () -> new ScanResult<>("1", List.of("b")))
                .part("cursor", () -> new ScanResult<>("2", List.of("a")));
        jedis.type("HostAndPort", () -> new redis.clients.jedis.HostAndPort("a", 1))
                .part("host", () -> new redis.clients.jedis.HostAndPort("b", 1))
                .part("port", () -> new redis.clients.jedis.HostAndPort("a", 2));

        Library lettuce = survey.library("io.lettuce:lettuce-core", "Redis, reactive");
        lettuce.type("KeyValue", () -> io.lettuce.core.KeyValue.just("a", 1))
                .part("key", () -> io.lettuce.core.KeyValue.just("b", 1))
                .part("value", () -> io.lettuce.core.KeyValue.just("a", 2));
        lettuce.type("ScoredValue", () -> io.lettuce.core.ScoredValue.just(1, "a"))
                .part("score", () -> io.lettuce.core.ScoredValue.just(2, "a"))
                .part("value", () -> io.lettuce.core.ScoredValue.just(1, "b"));
        lettuce.type("StreamMessage", () -> new io.lettuce.core.StreamMessage<>("s", "1-0", Map.of("a", "b")))
                .part("id", () -> new io.lettuce.core.StreamMessage<>("s", "2-0", Map.of("a", "b")))
                .part("body", () -> new io.lettuce.core.StreamMessage<>("s", "1-0", Map.of("a", "c")));
        lettuce.type("GeoCoordinates", () -> io.lettuce.core.GeoCoordinates.create(1, 2))
                .part("y", () -> io.lettuce.core.GeoCoordinates.create(1, 3));
    }

    private static Object tuple(String first, int second) {
        return DataTypes.tupleOf(DataTypes.TEXT, DataTypes.INT).newValue(first, second);
    }

    private static void places(Survey survey) {
        GeometryFactory factory = new GeometryFactory();
        Library jts = survey.library("org.locationtech.jts:jts-core", "places in most databases");
        jts.type("Point", () -> factory.createPoint(new Coordinate(1, 2)))
                .part("x", () -> factory.createPoint(new Coordinate(3, 2)))
                .part("y", () -> factory.createPoint(new Coordinate(1, 3)));
        jts.type("Coordinate", () -> new Coordinate(1, 2))
                .part("x", () -> new Coordinate(3, 2))
                .partBesideEquals("z", () -> new Coordinate(1, 2, 3));
        jts.type("Polygon", () -> factory.createPolygon(ring(4))).part("corner", () -> factory.createPolygon(ring(5)));
        jts.type("LineString", () -> factory.createLineString(ring(4)))
                .part("corner", () -> factory.createLineString(ring(5)));
        jts.type("Envelope", () -> new Envelope(1, 2, 3, 4)).part("edge", () -> new Envelope(1, 2, 3, 5));

        Library geo = survey.library("de.grundid.opendatalab:geojson-jackson", "places on the web");
        geo.type("Point", () -> new org.geojson.Point(1, 2)).part("latitude", () -> new org.geojson.Point(1, 3));
        geo.type("LngLatAlt", () -> new LngLatAlt(1, 2))
                .part("longitude", () -> new LngLatAlt(3, 2))
                .part("altitude", () -> new LngLatAlt(1, 2, 3));
        geo.type("Feature", () -> feature("a")).part("id", () -> feature("b"));
        geo.type("FeatureCollection", () -> features("a")).part("feature", () -> features("b"));
    }

    private static Coordinate[] ring(double y) {
        return new Coordinate[] {new Coordinate(0, 0), new Coordinate(0, y), new Coordinate(1, 1), new Coordinate(0, 0)
        };
    }

    private static Feature feature(String id) {
        Feature feature = new Feature();
        feature.setId(id);
        feature.setGeometry(new org.geojson.Point(1, 2));
        return feature;
    }

    private static Object features(String id) {
        FeatureCollection features = new FeatureCollection();
        features.add(feature(id));
        return features;
    }
}
