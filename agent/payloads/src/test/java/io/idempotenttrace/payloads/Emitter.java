package io.idempotenttrace.payloads;

import io.idempotenttrace.IdempotencyKey;
import io.idempotenttrace.IdempotentTrace;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** A program that emits values of libraries, each of them delivered twice: started with the agent, in a JVM of its own. */
public final class Emitter {

    private static int emitted;

    private Emitter() {}

    @IdempotentTrace
    static void orgJson(org.json.JSONObject span) {
        emitted++;
    }

    @IdempotentTrace
    static void jakartaJson(jakarta.json.JsonObject span) {
        emitted++;
    }

    @IdempotentTrace
    static void bson(org.bson.Document span) {
        emitted++;
    }

    @IdempotentTrace
    static void lines(org.json.JSONArray spans) {
        emitted++;
    }

    @IdempotentTrace
    static void kafka(@IdempotencyKey({"/key", "/headers/id"}) ConsumerRecord<String, org.json.JSONObject> record) {
        emitted++;
    }

    public static void main(String[] arguments) {
        for (int delivery = 0; delivery < 2; delivery++) {
            for (int i = 0; i < 3; i++) {
                orgJson(new org.json.JSONObject("{\"traceId\":\"t" + i + "\",\"id\":" + i + "}"));
                jakartaJson(jakarta.json.Json.createObjectBuilder().add("id", i).build());
                bson(new org.bson.Document("_id", new org.bson.types.ObjectId("67488900000000000000000" + i)));
                lines(new org.json.JSONArray("[{\"id\":" + i + "}]"));
                RecordHeaders headers = new RecordHeaders();
                headers.add("id", new byte[] {(byte) ('0' + i)});
                kafka(new ConsumerRecord<>(
                        "spans",
                        delivery,
                        17L * delivery + i,
                        delivery,
                        TimestampType.CREATE_TIME,
                        1,
                        1,
                        "k",
                        new org.json.JSONObject().put("i", i),
                        headers,
                        Optional.empty()));
            }
        }
        System.out.println(emitted + " emitted");
    }
}
