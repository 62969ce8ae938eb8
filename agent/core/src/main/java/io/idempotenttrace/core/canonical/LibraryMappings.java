package io.idempotenttrace.core.canonical;

import io.idempotenttrace.core.classfile.SuperTypes;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The types of well-known libraries that are mapped as their content. Each is known by its name alone and is looked up in the
 * application's own copy, so that the agent depends on none of them. Where a version of the library lacks a method that the
 * mapping needs, its values are refused by name: a mapping never hashes a part of what it knows.
 */
final class LibraryMappings {

    /** In the order in which they count where a class is several of them: a Scala list is a collection before it is a Product. */
    private static final String[] TYPES = {
        "org.hibernate.proxy.HibernateProxy",
        "org.hibernate.collection.spi.PersistentCollection",
        "org.hibernate.engine.spi.PersistentAttributeInterceptable",
        "org.eclipse.persistence.indirection.IndirectContainer",
        "org.eclipse.persistence.indirection.ValueHolderInterface",
        "org.eclipse.persistence.internal.weaving.PersistenceWeaved",
        "org.apache.kafka.clients.consumer.ConsumerRecord",
        "org.apache.kafka.clients.producer.ProducerRecord",
        "org.apache.kafka.clients.consumer.ConsumerRecords",
        "org.apache.kafka.common.header.Headers",
        "org.apache.kafka.common.header.Header",
        "org.apache.kafka.common.TopicPartition",
        "org.apache.kafka.streams.processor.api.Record",
        "org.apache.kafka.connect.data.Struct",
        "org.apache.kafka.connect.connector.ConnectRecord",
        "io.opentelemetry.sdk.trace.data.SpanData",
        "io.opentelemetry.sdk.logs.data.LogRecordData",
        "io.opentelemetry.sdk.trace.ReadableSpan",
        "io.opentelemetry.sdk.logs.ReadWriteLogRecord",
        "io.opentelemetry.sdk.trace.data.EventData",
        "io.opentelemetry.sdk.trace.data.LinkData",
        "io.opentelemetry.sdk.trace.data.StatusData",
        "io.opentelemetry.sdk.resources.Resource",
        "io.opentelemetry.sdk.common.InstrumentationScopeInfo",
        "io.opentelemetry.api.trace.SpanContext",
        "io.opentelemetry.api.trace.TraceFlags",
        "io.opentelemetry.api.trace.TraceState",
        "io.opentelemetry.api.common.Attributes",
        "io.opentelemetry.api.incubator.common.ExtendedAttributes",
        "io.opentelemetry.api.common.Value",
        "io.opentelemetry.api.common.KeyValue",
        "zipkin2.Span",
        "zipkin2.Endpoint",
        "zipkin2.Annotation",
        "zipkin2.DependencyLink",
        "brave.handler.MutableSpan",
        "io.cloudevents.CloudEvent",
        "io.cloudevents.CloudEventData",
        "jakarta.jms.Message",
        "javax.jms.Message",
        "org.springframework.messaging.Message",
        "org.springframework.messaging.MessageHeaders",
        "org.springframework.http.HttpHeaders",
        "org.springframework.amqp.core.Message",
        "com.rabbitmq.client.Delivery",
        "com.rabbitmq.client.GetResponse",
        "com.rabbitmq.client.Envelope",
        "com.rabbitmq.client.AMQP$BasicProperties",
        "com.rabbitmq.client.LongString",
        "org.apache.rocketmq.common.message.MessageExt",
        "software.amazon.awssdk.core.SdkPojo",
        "software.amazon.awssdk.core.BytesWrapper",
        "com.amazonaws.services.lambda.runtime.events.SQSEvent$SQSMessage",
        "com.amazonaws.services.sqs.model.Message",
        "org.apache.avro.generic.IndexedRecord",
        "org.apache.avro.generic.GenericFixed",
        "org.apache.avro.generic.GenericEnumSymbol",
        "org.apache.thrift.TBase",
        "org.bson.types.ObjectId",
        "org.bson.types.Decimal128",
        "org.bson.BsonValue",
        "org.bson.types.Binary",
        "org.bson.types.Code",
        "org.bson.types.Symbol",
        "org.bson.types.BSONTimestamp",
        "org.bson.types.MinKey",
        "org.bson.types.MaxKey",
        "org.bson.BSONObject",
        "org.json.JSONObject",
        "org.json.JSONArray",
        "org.json.JSONObject$Null",
        "org.json.JSONString",
        "org.codehaus.jettison.json.JSONObject",
        "org.codehaus.jettison.json.JSONArray",
        "org.codehaus.jettison.json.JSONObject$Null",
        "org.codehaus.jettison.json.JSONObject$ExplicitNull",
        "org.codehaus.jettison.json.JSONString",
        "com.google.gson.JsonElement",
        "com.google.gson.internal.LazilyParsedNumber",
        "com.eclipsesource.json.JsonValue",
        "io.vertx.core.json.JsonObject",
        "io.vertx.core.json.JsonArray",
        "com.alibaba.fastjson2.JSONObject",
        "com.alibaba.fastjson2.JSONArray",
        "com.alibaba.fastjson.JSONObject",
        "com.alibaba.fastjson.JSONArray",
        "net.minidev.json.JSONObject",
        "net.minidev.json.JSONArray",
        "org.json.simple.JSONObject",
        "org.json.simple.JSONArray",
        "org.apache.groovy.json.internal.LazyMap",
        "groovy.json.internal.LazyMap",
        "kotlinx.serialization.json.JsonElement",
        "jakarta.json.JsonValue",
        "javax.json.JsonValue",
        "scala.collection.immutable.LazyList",
        "scala.collection.immutable.Stream",
        "scala.collection.View",
        "scala.collection.IterableView",
        "scala.collection.TraversableView",
        "scala.collection.Iterator",
        "scala.concurrent.Awaitable",
        "scala.Option",
        "scala.util.Either",
        "scala.util.Try",
        "scala.Enumeration$Value",
        "scala.Symbol",
        "scala.math.BigDecimal",
        "scala.math.BigInt",
        "scala.concurrent.duration.Duration",
        "scala.runtime.BoxedUnit",
        "scala.collection.Map",
        "scala.collection.Set",
        "scala.collection.Iterable",
        "scala.reflect.Enum",
        "scala.Product",
        "kotlin.Unit",
        "kotlin.UByte",
        "kotlin.UShort",
        "kotlin.UInt",
        "kotlin.ULong",
        "kotlin.Result",
        "kotlin.Result$Failure",
        "kotlin.time.Duration",
        "kotlin.time.Instant",
        "kotlin.uuid.Uuid",
        "kotlin.text.Regex",
        "kotlin.ranges.IntProgression",
        "kotlin.ranges.LongProgression",
        "kotlin.ranges.CharProgression",
        "kotlin.ranges.UIntProgression",
        "kotlin.ranges.ULongProgression",
        "kotlin.ranges.ClosedRange",
        "kotlin.ranges.OpenEndRange",
        "kotlin.sequences.Sequence",
        "kotlinx.datetime.Instant",
        "kotlinx.datetime.LocalDate",
        "kotlinx.datetime.LocalDateTime",
        "kotlinx.datetime.LocalTime",
        "kotlinx.datetime.TimeZone",
        "kotlinx.datetime.UtcOffset",
        "kotlinx.datetime.DateTimePeriod",
        "kotlinx.datetime.YearMonth",
        "io.vavr.Lazy",
        "io.vavr.concurrent.Future",
        "io.vavr.concurrent.Promise",
        "io.vavr.collection.Stream",
        "io.vavr.collection.Iterator",
        "io.vavr.collection.Tree",
        "io.vavr.Tuple",
        "io.vavr.control.Option",
        "io.vavr.control.Either",
        "io.vavr.control.Try",
        "io.vavr.control.Validation",
        "io.vavr.collection.Map",
        "io.vavr.collection.Multimap",
        "io.vavr.collection.Set",
        "io.vavr.collection.Traversable",
        "org.joda.time.ReadableInstant",
        "org.joda.time.ReadableInterval",
        "org.joda.time.ReadablePartial",
        "org.joda.time.ReadablePeriod",
        "org.joda.time.ReadableDuration",
        "org.joda.time.DateTimeZone",
        "org.joda.money.BigMoneyProvider",
        "org.joda.money.CurrencyUnit",
        "javax.money.MonetaryAmount",
        "javax.money.CurrencyUnit",
        "com.google.common.collect.Multimap",
        "com.google.common.collect.Multiset",
        "com.google.common.collect.Table",
        "com.google.common.collect.Range",
        "com.google.common.collect.RangeSet",
        "com.google.common.base.Optional",
        "com.google.common.util.concurrent.AtomicLongMap",
        "com.google.common.primitives.UnsignedInteger",
        "com.google.common.primitives.UnsignedLong",
        "com.google.common.primitives.ImmutableIntArray",
        "com.google.common.primitives.ImmutableLongArray",
        "com.google.common.primitives.ImmutableDoubleArray",
        "com.google.common.hash.HashCode",
        "com.google.common.net.HostAndPort",
        "com.google.common.net.InternetDomainName",
        "com.google.common.net.MediaType",
        "io.netty.buffer.ByteBuf",
        "com.azure.core.util.BinaryData",
        "io.vertx.core.buffer.Buffer",
        "okio.ByteString",
        "com.google.protobuf.ByteString",
        "groovy.util.Expando",
        "io.grpc.Metadata",
        "org.apache.kafka.common.utils.Bytes",
        "org.apache.kafka.clients.consumer.OffsetAndMetadata",
        "org.apache.kafka.clients.producer.RecordMetadata",
        "org.apache.kafka.connect.data.SchemaAndValue",
        "org.apache.flink.types.Row",
        "org.apache.flink.api.java.tuple.Tuple",
        "org.apache.hadoop.io.Text",
        "org.apache.hadoop.io.BinaryComparable",
        "org.apache.hadoop.io.NullWritable",
        "org.apache.hadoop.io.IntWritable",
        "org.apache.hadoop.io.LongWritable",
        "org.apache.hadoop.io.DoubleWritable",
        "org.apache.hadoop.io.FloatWritable",
        "org.apache.hadoop.io.BooleanWritable",
        "org.apache.hadoop.io.ByteWritable",
        "org.apache.hadoop.io.ShortWritable",
        "org.apache.hadoop.io.VIntWritable",
        "org.apache.hadoop.io.VLongWritable",
        "org.apache.hadoop.io.ArrayWritable"
    };

    /** Types of which other fields than the mapping reads are no state beside it. */
    private static final Set<String> SETTLED = Set.of(
            // Proxies of entities, entities themselves and collections, which hold what is loaded and how.
            "org.hibernate.proxy.HibernateProxy",
            "org.hibernate.collection.spi.PersistentCollection",
            "org.hibernate.engine.spi.PersistentAttributeInterceptable",
            "org.eclipse.persistence.indirection.IndirectContainer",
            "org.eclipse.persistence.indirection.ValueHolderInterface",
            "org.eclipse.persistence.internal.weaving.PersistenceWeaved",
            // Each provider has classes of its own, which know of the delivery more than the interface tells.
            "jakarta.jms.Message",
            "javax.jms.Message",
            // Generated into any package, and read by a description that is static.
            "software.amazon.awssdk.core.SdkPojo",
            // The class writes its JSON itself.
            "org.json.JSONString",
            "org.codehaus.jettison.json.JSONString",
            // A constant, known by its name, as an enum's is.
            "scala.Enumeration$Value",
            "scala.reflect.Enum",
            "scala.Product");

    /** What compilers and tools make classes of the application implement. */
    private static final Set<String> MARKERS = Set.of(
            "scala.Product",
            "org.hibernate.engine.spi.PersistentAttributeInterceptable",
            "org.eclipse.persistence.internal.weaving.PersistenceWeaved");

    private static final Map<String, Integer> RANKS = new HashMap<>();

    static {
        for (String name : TYPES) {
            RANKS.put(name, RANKS.size());
        }
    }

    private LibraryMappings() {}

    /** The mapping of a class that is, extends or implements a known type; null for any other class. */
    static @Nullable ValueMapping of(Class<?> type) {
        if (type.isArray() || type.getName().startsWith("java.")) {
            return null;
        }
        try {
            Class<?> known = knownSupertype(type);
            if (known == null) {
                return null;
            }
            ValueMapping content = of(known, type);
            return SETTLED.contains(known.getName()) ? content : OwnState.besideLibrarys(type, known, content);
        } catch (NoSuchMethodException | LinkageError e) {
            return refused(type, e);
        }
    }

    /**
     * The mapping of a class that compilers and generators give a shape by which it is known: objects and value classes of Kotlin,
     * objects of Scala, classes of Immutables and AutoValue. Null for any other class. A class that is a collection as well is one
     * before.
     */
    static @Nullable ValueMapping ofShape(Class<?> type) {
        try {
            ValueMapping mapping = KotlinMapping.ofShape(type);
            mapping = mapping != null ? mapping : ScalaMapping.ofShape(type);
            return mapping != null ? mapping : GeneratedValueMapping.of(type);
        } catch (NoSuchMethodException | LinkageError e) {
            return refused(type, e);
        }
    }

    private static ValueMapping refused(Class<?> type, Throwable e) {
        return new RefusedMapping(
                e instanceof LinkageError
                        ? type.getName() + " can't be read: " + e.getClass().getName() + " (" + e.getMessage()
                                + "); add the class that it lacks, or mark the parameter @Unhashed"
                        : type.getName() + " is of a version of its library that is not known (there is no "
                                + e.getMessage()
                                + "); hand over its content as a map or text, or mark the parameter @Unhashed");
    }

    /** Whether the class is, extends or implements a library's type, other than one that is put on classes of the application. */
    static boolean isLibrarys(Class<?> type) {
        Class<?> known = knownSupertype(type);
        return known != null && !MARKERS.contains(known.getName());
    }

    private static @Nullable Class<?> knownSupertype(Class<?> type) {
        Class<?> best = null;
        int bestRank = Integer.MAX_VALUE;
        for (Class<?> supertype : supertypes(type)) {
            Integer rank = RANKS.get(supertype.getName());
            if (rank != null && rank < bestRank) {
                best = supertype;
                bestRank = rank;
            }
        }
        return best;
    }

    /** The class, its superclasses, and all interfaces of each. */
    static Set<Class<?>> supertypes(Class<?> type) {
        Set<Class<?>> found = new LinkedHashSet<>();
        for (Class<?> level = type; level != null; level = level.getSuperclass()) {
            collect(level, found);
        }
        return found;
    }

    private static void collect(Class<?> type, Set<Class<?>> found) {
        if (found.add(type)) {
            for (Class<?> implemented : type.getInterfaces()) {
                collect(implemented, found);
            }
        }
    }

    /** The class or a supertype of it that has that name; null if there is none. */
    static @Nullable Class<?> supertype(Class<?> type, String name) {
        return SuperTypes.named(name, type);
    }

    /** @param known the library's own type that {@code type} is, extends or implements */
    private static @Nullable ValueMapping of(Class<?> known, Class<?> type) throws NoSuchMethodException {
        String name = known.getName();
        if (addsFields(known, type)) {
            return new RefusedMapping(type.getName() + " adds fields to " + name
                    + ", of which the agent knows only its own; hand over the"
                    + " parts as parameters, or mark the parameter @Unhashed");
        }
        if (name.startsWith("org.hibernate.") || name.startsWith("org.eclipse.persistence.")) {
            return PersistenceMapping.of(known, type);
        }
        if (name.equals("org.apache.kafka.connect.data.SchemaAndValue") || name.startsWith("org.apache.flink.")) {
            return RowMapping.of(known);
        }
        if (name.startsWith("org.apache.kafka.")) {
            return KafkaMapping.of(known);
        }
        if (name.startsWith("io.opentelemetry.")) {
            return OpenTelemetryMapping.of(known, type);
        }
        if (name.startsWith("zipkin2.") || name.startsWith("brave.")) {
            return ZipkinMapping.of(known);
        }
        if (name.startsWith("io.cloudevents.")) {
            return CloudEventMapping.of(known);
        }
        if (name.contains(".jms.")) {
            return JmsMapping.of(known, type);
        }
        if (name.startsWith("com.rabbitmq.") || name.startsWith("org.springframework.amqp.")) {
            return RabbitMapping.of(known);
        }
        if (name.startsWith("org.apache.rocketmq.")) {
            return RocketMapping.of(known);
        }
        if (name.startsWith("org.springframework.")) {
            return SpringMapping.of(known, type);
        }
        if (name.startsWith("software.amazon.") || name.startsWith("com.amazonaws.")) {
            return AwsMapping.of(known, type);
        }
        if (name.startsWith("org.apache.avro.")) {
            return AvroMapping.of(known);
        }
        if (name.startsWith("org.apache.thrift.")) {
            return ThriftMapping.of(known, type);
        }
        return ofLanguageOrFormat(name, known, type);
    }

    private static @Nullable ValueMapping ofLanguageOrFormat(String name, Class<?> known, Class<?> type)
            throws NoSuchMethodException {
        if (name.startsWith("org.bson.")) {
            return BsonMapping.of(known, type);
        }
        if (name.contains(".json.") || name.startsWith("com.google.gson.") || name.startsWith("com.alibaba.fastjson")) {
            return JsonLibraryMapping.of(known, type);
        }
        if (name.startsWith("scala.")) {
            return ScalaMapping.of(known, type);
        }
        if (name.startsWith("kotlin")) {
            return KotlinMapping.of(known, type);
        }
        if (name.startsWith("io.vavr.")) {
            return VavrMapping.of(known, type);
        }
        if (name.startsWith("org.joda.") || name.startsWith("javax.money.")) {
            return DateAndMoneyMapping.of(known, type);
        }
        if (name.startsWith("com.google.common.")) {
            return GuavaMapping.of(known);
        }
        if (name.startsWith("org.apache.hadoop.")) {
            return HadoopMapping.of(known);
        }
        if (name.equals("groovy.util.Expando")) {
            return new ScalarMapping.Holder(LibraryMethod.of(known, "getProperties")::read);
        }
        return name.equals("io.grpc.Metadata")
                ? new RefusedMapping(type.getName() + " does not tell what it holds without changing it;"
                        + " hand over a map of what counts, or mark the parameter @Unhashed")
                : ByteHolderMapping.of(known);
    }

    /**
     * Whether a subclass of a library's class that is complete by itself has fields that the mapping does not know. A library's own
     * subclasses are known.
     */
    private static boolean addsFields(Class<?> known, Class<?> type) {
        if (known.isInterface() || Modifier.isAbstract(known.getModifiers())) {
            return false;
        }
        for (Class<?> level = type; level != null && level != known; level = level.getSuperclass()) {
            boolean ownSubclass = level.getPackageName().equals(known.getPackageName())
                    || level.getName().equals("reactor.kafka.receiver.ReceiverRecord");
            for (Field field : ownSubclass ? new Field[0] : level.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())
                        && !Modifier.isTransient(field.getModifiers())
                        && !field.isSynthetic()) {
                    return true;
                }
            }
        }
        return false;
    }
}
