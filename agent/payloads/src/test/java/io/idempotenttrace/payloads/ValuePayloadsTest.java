package io.idempotenttrace.payloads;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.azure.core.util.BinaryData;
import com.google.auto.value.AutoValue;
import com.google.common.collect.ArrayListMultimap;
import com.google.common.collect.HashBasedTable;
import com.google.common.collect.HashMultimap;
import com.google.common.collect.HashMultiset;
import com.google.common.collect.Range;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.immutables.value.Value;
import org.javamoney.moneta.FastMoney;
import org.javamoney.moneta.Money;
import org.joda.time.DateTime;
import org.joda.time.DateTimeZone;
import org.joda.time.chrono.BuddhistChronology;
import org.junit.jupiter.api.Test;

/** Dates, money, collections, bytes and generated values. */
class ValuePayloadsTest {

    @Test
    void jodaTime() {
        DateTimeZone paris = DateTimeZone.forID("Europe/Paris");
        Payload.of(new DateTime(0, paris))
                .is("\"1970-01-01T00:00:00Z[Europe/Paris]\"")
                .differsFrom(
                        new DateTime(1, paris),
                        new DateTime(0, DateTimeZone.UTC),
                        new DateTime(0, BuddhistChronology.getInstance(paris)));
        Payload.of(new org.joda.time.Instant(0)).is("\"1970-01-01T00:00:00Z\"");
        Payload.of(new org.joda.time.LocalDate(2024, 2, 29)).is("\"2024-02-29\"");
        Payload.of(new org.joda.time.LocalTime(1, 2, 3)).is("\"01:02:03.000\"");
        Payload.of(org.joda.time.Period.days(3)).is("\"P3D\"");
        Payload.of(org.joda.time.Duration.standardSeconds(90)).is("\"PT90S\"");
        Payload.of(new org.joda.time.Interval(0, 1000, DateTimeZone.UTC))
                .is("\"1970-01-01T00:00:00Z/1970-01-01T00:00:01Z[UTC]\"");
        Payload.of(paris).is("\"Europe/Paris\"");
    }

    @Test
    void money() {
        Payload.of(org.joda.money.Money.parse("EUR 1.50"))
                .is("\"EUR 1.50\"")
                .differsFrom(org.joda.money.Money.parse("EUR 1.51"));
        Payload.of(Money.of(1.5, "EUR"))
                .is("{\"amount\":1.5,\"currency\":\"EUR\"}")
                .equalTo(FastMoney.of(1.5, "EUR"))
                .differsFrom(Money.of(1.5, "USD"), Money.of(1.6, "EUR"))
                .at("/currency", "EUR");
    }

    @Test
    void guavasCollections() {
        ArrayListMultimap<String, Integer> lists = ArrayListMultimap.create();
        lists.put("a", 2);
        lists.put("a", 1);
        Payload.of(lists).is("{\"a\":[2,1]}").at("/a/0", "2");
        HashMultimap<String, Integer> sets = HashMultimap.create();
        sets.put("a", 2);
        sets.put("a", 1);
        Payload.of(sets).is("{\"a\":[1,2]}");
        Payload.of(HashMultiset.create(List.of("b", "a", "b")))
                .is("[\"a\",\"b\",\"b\"]")
                .equalTo(HashMultiset.create(List.of("b", "b", "a")))
                .differsFrom(HashMultiset.create(List.of("a", "b")));
        HashBasedTable<String, String, Integer> table = HashBasedTable.create();
        table.put("r", "c", 1);
        Payload.of(table).is("{\"r\":{\"c\":1}}").at("/r/c", "1");
        Payload.of(Range.closedOpen(1, 3))
                .is("{\"lower\":{\"endpoint\":1,\"type\":\"CLOSED\"},\"upper\":{\"endpoint\":3,\"type\":\"OPEN\"}}")
                .differsFrom(Range.closed(1, 3), Range.atLeast(1));
        Payload.of(com.google.common.base.Optional.of("x")).is("\"x\"");
        Payload.of(com.google.common.primitives.UnsignedLong.MAX_VALUE).is("18446744073709551615");
        Payload.of(com.google.common.hash.HashCode.fromInt(1)).is("\"01000000\"");
    }

    @Test
    void theOrderOfAHashMultimapsValuesIsNoPayload() {
        Payload.of(hashMultimap("a", "b").values())
                .is("[\"a\",\"b\"]")
                .equalTo(hashMultimap("b", "a").values());
        ArrayListMultimap<String, Integer> lists = ArrayListMultimap.create();
        lists.put("a", 2);
        lists.put("a", 1);
        Payload.of(lists.values()).is("[2,1]");
    }

    private static HashMultimap<String, String> hashMultimap(String... elements) {
        HashMultimap<String, String> map = HashMultimap.create();
        for (String element : elements) {
            map.put(element, element);
        }
        return map;
    }

    @Test
    void bytesAreReadAndNotUsedUp() {
        ByteBuf buffer = Unpooled.copiedBuffer(new byte[] {1, 2, 3});
        buffer.readByte();
        Payload.of(buffer).is("\"AgM=\"");
        assertEquals(1, buffer.readerIndex());
        Payload.of(io.vertx.core.buffer.Buffer.buffer(new byte[] {1, 2})).is("\"AQI=\"");
        Payload.of(okio.ByteString.of((byte) 1, (byte) 2)).is("\"AQI=\"");
        Payload.of(com.google.protobuf.ByteString.copyFrom(new byte[] {1, 2})).is("\"AQI=\"");
        Payload.of(BinaryData.fromString("a"))
                .is("\"YQ==\"")
                .equalTo(BinaryData.fromBytes("a".getBytes(StandardCharsets.UTF_8)))
                .differsFrom(BinaryData.fromString("b"));
        Payload.of(BinaryData.fromStream(new ByteArrayInputStream(new byte[] {1}) {
                    @Override
                    public boolean markSupported() {
                        return false;
                    }
                }))
                .isRefused("read from a stream");
        Payload.of(new io.grpc.Metadata()).isRefused("io.grpc.Metadata");
    }

    @Value.Immutable
    interface Span {

        String traceId();

        int n();

        Optional<String> note();

        List<String> tags();

        boolean isLast();
    }

    @AutoValue
    abstract static class Step {

        abstract String id();

        abstract List<Integer> parts();

        static Step of(String id, Integer... parts) {
            return new AutoValue_ValuePayloadsTest_Step(id, List.of(parts));
        }
    }

    @Test
    void generatedValueTypesAreTheirAttributes() {
        Payload.of(ImmutableSpan.builder()
                        .traceId("t1")
                        .n(1)
                        .addTags("a")
                        .isLast(true)
                        .build())
                .is("{\"isLast\":true,\"n\":1,\"note\":null,\"tags\":[\"a\"],\"traceId\":\"t1\"}")
                .differsFrom(
                        ImmutableSpan.builder()
                                .traceId("t2")
                                .n(1)
                                .addTags("a")
                                .isLast(true)
                                .build(),
                        ImmutableSpan.builder()
                                .traceId("t1")
                                .n(1)
                                .addTags("a")
                                .isLast(true)
                                .note("x")
                                .build())
                .at("/traceId", "t1")
                .at("/tags/0", "a");
        Payload.of(Step.of("a", 1))
                .is("{\"id\":\"a\",\"parts\":[1]}")
                .differsFrom(Step.of("b", 1), Step.of("a", 2))
                .at("/id", "a");
    }
}
