package io.idempotenttrace.payloads;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ForwardingMultimap;
import com.google.common.collect.ForwardingTable;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableTable;
import com.google.common.collect.Multimap;
import com.google.common.collect.Table;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.testing.trace.TestSpanData;
import io.opentelemetry.sdk.trace.data.DelegatingSpanData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import org.junit.jupiter.api.Test;

/** What a class of the application adds to a type of a library counts beside the type's content, or is refused. */
class AddedFieldsPayloadsTest {

    static final class Attributes extends ForwardingMultimap<String, String> {

        private final Multimap<String, String> entries;
        private final String tenant;

        Attributes(String tenant, Multimap<String, String> entries) {
            this.tenant = tenant;
            this.entries = entries;
        }

        @Override
        protected Multimap<String, String> delegate() {
            return entries;
        }

        String tenant() {
            return tenant;
        }
    }

    static final class Sheet extends ForwardingTable<String, String, Integer> {

        private final Table<String, String, Integer> cells;
        public final String name;

        Sheet(String name, Table<String, String, Integer> cells) {
            this.name = name;
            this.cells = cells;
        }

        @Override
        protected Table<String, String, Integer> delegate() {
            return cells;
        }
    }

    @Test
    void aMultimapAndATable() {
        Payload.of(new Attributes("a", ImmutableListMultimap.of("k", "v"))).isRefused("field 'tenant'");
        Payload.of(new Sheet("a", ImmutableTable.of("r", "c", 1)))
                .is("{\"name\":\"a\",\"value\":{\"r\":{\"c\":1}}}")
                .differsFrom(
                        new Sheet("b", ImmutableTable.of("r", "c", 1)), new Sheet("a", ImmutableTable.of("r", "c", 2)));
    }

    static final class TenantSpan extends DelegatingSpanData {

        private final String tenant;

        TenantSpan(String tenant, SpanData span) {
            super(span);
            this.tenant = tenant;
        }

        public String getTenant() {
            return tenant;
        }
    }

    static final class Renamed extends DelegatingSpanData {

        private final String name;

        Renamed(String name, SpanData span) {
            super(span);
            this.name = name;
        }

        @Override
        public String getName() {
            return name;
        }
    }

    private static SpanData span(String name) {
        return TestSpanData.builder()
                .setName(name)
                .setKind(SpanKind.INTERNAL)
                .setStatus(StatusData.ok())
                .setStartEpochNanos(1)
                .setEndEpochNanos(2)
                .setHasEnded(true)
                .build();
    }

    @Test
    void aSpan() {
        Payload.of(new TenantSpan("a", span("s")))
                .equalTo(new TenantSpan("a", span("s")))
                .differsFrom(new TenantSpan("b", span("s")), new TenantSpan("a", span("t")), span("s"))
                .at("/tenant", "a")
                .at("/name", "s");
        // What the library's own methods tell is the content alone.
        Payload.of(new Renamed("t", span("s"))).equalTo(span("t"));
    }

    static final class Document extends ObjectNode {

        private static final long serialVersionUID = 1L;
        private final String tenant;

        Document(String tenant) {
            super(JsonNodeFactory.instance);
            this.tenant = tenant;
            put("k", 1);
        }

        public String getTenant() {
            return tenant;
        }
    }

    @Test
    void aJsonTree() {
        Payload.of(new Document("a"))
                .is("{\"tenant\":\"a\",\"value\":{\"k\":1}}")
                .differsFrom(new Document("b"))
                .at("/k", "1");
        Payload.of(new Document("a").set("self", new Document("b")))
                .is("{\"tenant\":\"a\",\"value\":{\"k\":1,\"self\":{\"tenant\":\"b\",\"value\":{\"k\":1}}}}");
        Document inItself = new Document("a");
        inItself.set("self", inItself);
        Payload.of(inItself).isRefused("a cycle");
    }
}
